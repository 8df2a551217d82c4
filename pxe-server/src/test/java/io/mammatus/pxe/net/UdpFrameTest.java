package io.mammatus.pxe.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UdpFrameTest {

  /** A receiver adds up everything, the checksum included, and gets all ones (RFC 1071). */
  @Test
  void bothChecksumsAddUp() {
    for (int length = 0; length < 70; length++) {
      byte[] payload = new byte[length];
      Arrays.fill(payload, (byte) (length * 7));
      byte[] frame =
          UdpFrame.of(Ipv4.parse("10.88.0.1"), 67, Ipv4.parse("10.88.0.20"), 68, payload);
      assertThat(frame).hasSize(28 + length);
      assertThat(UdpFrame.complement(UdpFrame.sum(frame, 0, 20, 0))).isZero();
      long pseudo = UdpFrame.sum(frame, 12, 8, 17 + 8 + length);
      assertThat(UdpFrame.complement(UdpFrame.sum(frame, 20, 8 + length, pseudo))).isZero();
    }
  }
}
