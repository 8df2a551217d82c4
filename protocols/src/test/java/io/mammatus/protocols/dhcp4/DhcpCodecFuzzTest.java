package io.mammatus.protocols.dhcp4;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mammatus.protocols.Decoded;
import java.util.List;
import java.util.Optional;

/**
 * Whatever comes to port 67: a message or a refusal, and a message that is written and read again
 * is the same.
 */
class DhcpCodecFuzzTest {

  private static final int LONGEST = 1500 - 28;

  /** Kept free for what a client cannot do without, and for an overload. */
  private static final int KEPT_FREE = 24;

  @FuzzTest(maxDuration = "10m")
  void whateverIsSent(byte[] packet) {
    switch (DhcpDecoder.decode(packet)) {
      case Decoded.DecodeError<DhcpMessage>(int offset, String reason) -> {
        assertThat(offset).isBetween(0, packet.length);
        assertThat(reason).matches("[A-Za-z0-9', -]+");
      }
      case Decoded.Ok<DhcpMessage>(DhcpMessage message) -> writtenAndReadAgain(message);
    }
  }

  private static void writtenAndReadAgain(DhcpMessage message) {
    byte[] large = DhcpEncoder.encode(message, List.of(), Optional.of(1500)).toArray();
    assertThat(large.length).isBetween(DhcpEncoder.MIN_LENGTH, LONGEST);
    DhcpMessage again = decoded(large);
    assertThat(header(again)).isEqualTo(header(message));
    for (DhcpOption option : again.options().all()) {
      assertThat(Optional.of(written(option)))
          .isEqualTo(message.options().get(option.code()).map(DhcpCodecFuzzTest::written));
    }
    if (octets(message) <= LONGEST - DhcpDecoder.OPTIONS - 1 - KEPT_FREE) {
      assertThat(again.options().all()).hasSameSizeAs(message.options().all());
    }
    byte[] reply = DhcpEncoder.encodeReply(again, message).toArray();
    assertThat(reply.length).isBetween(DhcpEncoder.MIN_LENGTH, LONGEST);
    decoded(reply);
  }

  private static DhcpMessage decoded(byte[] packet) {
    if (DhcpDecoder.decode(packet) instanceof Decoded.Ok<DhcpMessage>(DhcpMessage message)) {
      return message;
    }
    throw new AssertionError("what was written is not read: " + DhcpDecoder.decode(packet));
  }

  /** Texts that fill their field lose their last octet to the NUL behind them. */
  private static DhcpMessage header(DhcpMessage message) {
    return new DhcpMessage(
        message.op(),
        message.htype(),
        message.hlen(),
        message.hops(),
        message.xid(),
        message.secs(),
        message.broadcast(),
        message.ciaddr(),
        message.yiaddr(),
        message.siaddr(),
        message.giaddr(),
        message.chaddr(),
        cut(message.sname(), DhcpDecoder.SNAME_LENGTH),
        cut(message.file(), DhcpDecoder.FILE_LENGTH),
        DhcpOptions.NONE);
  }

  private static String cut(String text, int field) {
    return text.substring(0, Math.min(text.length(), field - 1));
  }

  /** A class or a sub-option of more than 255 octets is cut when it is written. */
  private static DhcpOption written(DhcpOption option) {
    return option instanceof DhcpOption.UserClass(List<String> classes)
        ? new DhcpOption.UserClass(classes.stream().map(name -> cut(name, 256)).toList())
        : option;
  }

  /** That the options take at most: none is longer than it was, and each has its pieces' heads. */
  private static int octets(DhcpMessage message) {
    return message.options().all().stream()
        .mapToInt(option -> OptionWriter.value(option).length)
        .map(length -> length + 2 * Math.max(1, (length + 254) / 255))
        .sum();
  }
}
