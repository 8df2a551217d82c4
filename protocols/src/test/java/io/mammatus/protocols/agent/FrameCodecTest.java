package io.mammatus.protocols.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.protocols.agent.Frame.Kind;
import io.mammatus.protocols.agent.FrameCodec.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {

  private static final int MAX = FrameCodec.MAX_FRAME_BYTES;

  private static final List<Frame> FRAMES =
      List.of(
          new Frame(Kind.REQUEST, 1, "hello", "{\"a\":1}".getBytes(StandardCharsets.UTF_8)),
          new Frame(Kind.REQUEST, -1, "o".repeat(32), new byte[0]),
          new Frame(Kind.OK, Integer.MAX_VALUE, "", new byte[] {0, -1, 127}),
          new Frame(Kind.FAILED, 0, "", new byte[0]));

  private static Result decode(byte[] bytes) {
    return FrameCodec.decode(ByteBuffer.wrap(bytes), MAX);
  }

  /** A frame's length, then these bytes. */
  private static byte[] frame(int length, int... rest) {
    ByteBuffer out = ByteBuffer.allocate(4 + rest.length).putInt(length);
    for (int octet : rest) {
      out.put((byte) octet);
    }
    return out.array();
  }

  @Test
  void whatIsEncodedDecodes() {
    for (Frame frame : FRAMES) {
      byte[] bytes = FrameCodec.encode(frame);
      assertThat(decode(bytes)).isEqualTo(new Result.Whole(frame, bytes.length));
    }
  }

  @Test
  void everyBeginningOfAFrameIsIncomplete() {
    for (Frame frame : FRAMES) {
      byte[] bytes = FrameCodec.encode(frame);
      for (int length = 0; length < bytes.length; length++) {
        assertThat(decode(Arrays.copyOf(bytes, length))).isEqualTo(new Result.Incomplete());
      }
    }
  }

  @Test
  void readsAtThePositionAndLeavesItThere() {
    byte[] first = FrameCodec.encode(FRAMES.get(0));
    byte[] second = FrameCodec.encode(FRAMES.get(1));
    ByteBuffer both = ByteBuffer.allocate(first.length + second.length).put(first).put(second);
    both.position(first.length);
    assertThat(FrameCodec.decode(both, MAX))
        .isEqualTo(new Result.Whole(FRAMES.get(1), second.length));
    assertThat(both.position()).isEqualTo(first.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 5, MAX + 1, Integer.MAX_VALUE})
  void aHostileLengthIsMalformedAtOnce(int length) {
    assertThat(decode(frame(length))).isInstanceOf(Result.Malformed.class);
  }

  @Test
  void aFrameLongerThanTheReaderTakesIsMalformed() {
    assertThat(FrameCodec.decode(ByteBuffer.wrap(frame(65)), 64))
        .isInstanceOf(Result.Malformed.class);
    assertThat(FrameCodec.decode(ByteBuffer.wrap(frame(64)), 64))
        .isEqualTo(new Result.Incomplete());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 0x7f, 0xff})
  void anUnknownKindIsMalformed(int kind) {
    assertThat(decode(frame(6, kind, 0, 0, 0, 1, 0))).isInstanceOf(Result.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 33, 0xff})
  void anOperationThatDoesNotFitIsMalformed(int length) {
    assertThat(decode(frame(7, 1, 0, 0, 0, 1, length, 'x'))).isInstanceOf(Result.Malformed.class);
  }

  @Test
  void whatIsTooLongIsNotEncoded() {
    byte[] fits = new byte[FrameCodec.roomFor("op")];
    assertThat(FrameCodec.encode(new Frame(Kind.REQUEST, 1, "op", fits))).hasSize(4 + MAX);
    byte[] tooLong = new byte[fits.length + 1];
    assertThatThrownBy(() -> FrameCodec.encode(new Frame(Kind.REQUEST, 1, "op", tooLong)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> FrameCodec.encode(new Frame(Kind.REQUEST, 1, "o".repeat(33), new byte[0])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Seeded, so that a failure can be seen again: random bytes, and frames with some changed. */
  @Test
  void hostileBytesNeverThrow() {
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      if (random.nextBoolean() && bytes.length >= 4) {
        ByteBuffer.wrap(bytes).putInt(random.nextInt(90));
      } else if (random.nextBoolean()) {
        bytes = FrameCodec.encode(FRAMES.get(random.nextInt(FRAMES.size())));
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        Result result = decode(bytes);
        if (result instanceof Result.Whole(Frame frame, int length)) {
          assertThat(length).isBetween(10, bytes.length);
          assertThat(frame.body().length).isLessThan(length);
        }
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
