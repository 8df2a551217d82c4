package io.mammatus.platform.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceiveBufferTest {

  /** Whatever the pieces in which bytes come and go, they come out as they went in. */
  @Test
  void keepsTheOrder() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      byte[] all = new byte[random.nextInt(200_000)];
      random.nextBytes(all);
      ReceiveBuffer buffer = new ReceiveBuffer();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int at = 0; at < all.length; ) {
        int end = Math.min(all.length, at + random.nextInt(20_000));
        buffer.add(Buffer.buffer(Arrays.copyOfRange(all, at, end)));
        at = end;
        ByteBuffer view = buffer.view();
        byte[] some = new byte[random.nextInt(view.remaining() + 1)];
        view.get(some);
        out.writeBytes(some);
        buffer.consume(some.length);
      }
      ByteBuffer rest = buffer.view();
      byte[] last = new byte[rest.remaining()];
      rest.get(last);
      out.writeBytes(last);
      assertThat(out.toByteArray()).as("seed %d", seed).isEqualTo(all);
    }
  }
}
