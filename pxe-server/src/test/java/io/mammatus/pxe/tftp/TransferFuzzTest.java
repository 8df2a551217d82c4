package io.mammatus.pxe.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.tftp.TftpCodec;
import io.mammatus.protocols.tftp.TftpPacket;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Whatever a client asks for, and whatever it acknowledges then. The input is the file's size (four
 * octets), the way's MTU (two), the length of the request (two), the request, and what follows it,
 * three octets each: 0 for an acknowledgement, 1 for one that comes early, else for silence; and
 * the block.
 */
class TransferFuzzTest {

  private static final int FIXED = 8;
  private static final Path ROOT = Path.of("/srv/loaders");

  @FuzzTest(maxDuration = "10m")
  void whateverAClientSends(byte[] input) {
    if (input.length < FIXED) {
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(input);
    long size = in.getInt() & 0xffffffffL;
    int mtu = in.getShort() & 0xffff;
    byte[] request = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
    in.get(request);
    if (TftpCodec.decode(request) instanceof Decoded.Ok<TftpPacket>(TftpPacket.Rrq rrq)) {
      FolderBootFiles.plain(rrq.file())
          .ifPresent(name -> assertThat(ROOT.resolve(name).normalize().startsWith(ROOT)).isTrue());
      TransferOptions options = TransferOptions.negotiate(rrq.options(), size, mtu);
      check(options);
      transfer(size, options, in);
    }
  }

  private static void check(TransferOptions options) {
    assertThat(options.blockSize()).isBetween(8, TransferOptions.MAX_BLOCK_SIZE);
    assertThat(options.windowSize()).isBetween(1, TransferOptions.MAX_WINDOW_SIZE);
    assertThat(options.windowSize() == 1 ? 0 : options.windowSize() * options.blockSize())
        .isLessThanOrEqualTo(TransferOptions.MAX_WINDOW_OCTETS);
    options
        .timeout()
        .ifPresent(time ->
            assertThat(time.toSeconds()).isBetween(1L, (long) TransferOptions.MAX_TIMEOUT_SECONDS));
    if (!options.acknowledged().isEmpty()) {
      TftpPacket oack = new TftpPacket.Oack(options.acknowledged());
      assertThat(TftpCodec.decode(TftpCodec.encode(oack))).isEqualTo(Decoded.ok(oack));
    }
  }

  private static void transfer(long size, TransferOptions options, ByteBuffer in) {
    SendState.Step step = SendState.begin(size, options);
    int silences = 0;
    while (in.remaining() >= 3 && !isOver(step.action())) {
      int what = in.get() & 0xff;
      int block = in.getShort() & 0xffff;
      SendState before = step.next();
      step =
          what > 1
              ? before.timedOut(RoundTrip.MAX_ATTEMPTS)
              : before.acknowledged(block, what == 1);
      silences = what > 1 ? silences + 1 : step.next().attempts() == 0 ? 0 : silences;
      check(before, step, size, options);
      assertThat(silences).isLessThanOrEqualTo(RoundTrip.MAX_ATTEMPTS);
    }
  }

  private static boolean isOver(SendState.Action action) {
    return action instanceof SendState.Action.Finished || action instanceof SendState.Action.GiveUp;
  }

  private static void check(
      SendState before, SendState.Step step, long size, TransferOptions options) {
    SendState now = step.next();
    assertThat(now.acked()).isBetween(before.acked(), before.sent());
    assertThat(now.sent()).isBetween(now.acked(), now.lastBlock());
    switch (step.action()) {
      case SendState.Action.SendBlocks(long first, long last) -> {
        assertThat(first).isEqualTo(now.acked() + 1);
        assertThat(last - first).isBetween(0L, options.windowSize() - 1L);
        assertThat((last - 1) * options.blockSize()).isLessThanOrEqualTo(size);
      }
      case SendState.Action.Finished _ -> assertThat(now.acked()).isEqualTo(now.lastBlock());
      case SendState.Action.Wait _ -> assertThat(now).isEqualTo(before);
      case SendState.Action.SendOack _ -> assertThat(now.sent()).isZero();
      case SendState.Action.GiveUp _ ->
          assertThat(before.attempts()).isEqualTo(RoundTrip.MAX_ATTEMPTS - 1);
    }
  }
}
