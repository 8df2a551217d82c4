package io.mammatus.protocols.arp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.Bytes;
import io.mammatus.protocols.Decoded;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ArpPacketTest {

  private static final Mac OWN = new Mac(0x525400a1b2c3L);
  private static final Mac OTHER = new Mac(0x525400ddeeffL);
  private static final Ipv4 ADDRESS = Ipv4.parse("10.88.0.200");

  /** Octet by octet: hardware 1, protocol 0800, lengths 6 and 4, operation, two pairs. */
  @Test
  void aProbeTellsNoAddressOfItsSender() {
    assertThat(Bytes.of(ArpPacket.probe(OWN, ADDRESS).encode()))
        .isEqualTo(
            Bytes.hex(
                "0001 0800 0604 0001 525400a1b2c3 00000000 000000000000 0a5800c8"
                    .replace(" ", "")));
  }

  @Test
  void whatIsEncodedIsDecodedWithTheFramesPaddingBehindIt() {
    ArpPacket reply = new ArpPacket(true, OTHER, ADDRESS, OWN, Ipv4.parse("10.88.0.1"));
    assertThat(ArpPacket.decode(reply.encode())).isEqualTo(Decoded.ok(reply));
    assertThat(ArpPacket.decode(Arrays.copyOf(reply.encode(), 46))).isEqualTo(Decoded.ok(reply));
  }

  @Test
  void whatIsNotArpForIpv4OnEthernetIsRefused() {
    byte[] good = ArpPacket.probe(OWN, ADDRESS).encode();
    assertThat(ArpPacket.decode(Arrays.copyOf(good, 27))).isInstanceOf(Decoded.DecodeError.class);
    for (int octet : new int[] {1, 2, 4, 5, 7}) {
      byte[] bad = good.clone();
      bad[octet] ^= 0x10;
      assertThat(ArpPacket.decode(bad))
          .as("octet %d", octet)
          .isInstanceOf(Decoded.DecodeError.class);
    }
  }
}
