package io.mammatus.protocols.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mammatus.protocols.Decoded;
import java.nio.ByteBuffer;

/**
 * Whatever comes to port 69, or to the port of a transfer: a packet or a refusal, and a packet that
 * is written and read again is the same.
 */
class TftpCodecFuzzTest {

  @FuzzTest(maxDuration = "10m")
  void whateverIsSent(byte[] octets) {
    int acknowledged = TftpCodec.acknowledgedBlock(ByteBuffer.wrap(octets));
    switch (TftpCodec.decode(octets)) {
      case Decoded.DecodeError<TftpPacket>(int offset, String reason) -> {
        assertThat(offset).isBetween(0, octets.length);
        assertThat(reason).matches("[A-Za-z0-9 -]+");
        assertThat(acknowledged).isNegative();
      }
      case Decoded.Ok<TftpPacket>(TftpPacket packet) -> {
        assertThat(acknowledged)
            .isEqualTo(packet instanceof TftpPacket.Ack(int block) ? block : -1);
        byte[] written = TftpCodec.encode(packet);
        assertThat(written.length).isLessThanOrEqualTo(octets.length + 1); // an error's last NUL
        assertThat(TftpCodec.decode(written)).isEqualTo(Decoded.ok(packet));
      }
    }
  }
}
