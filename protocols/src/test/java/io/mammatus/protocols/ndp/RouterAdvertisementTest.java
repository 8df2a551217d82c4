package io.mammatus.protocols.ndp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Mac;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RouterAdvertisementTest {

  private final String packet =
      HexFormat.of().formatHex(RouterAdvertisement.noRouter(Mac.parse("52:54:00:12:34:56")));

  @Test
  void itIsAnIpv6PacketFromALinkLocalAddressToTheOneThatTheCardMakes() {
    assertThat(packet)
        .hasSize(2 * 56)
        .startsWith("60000000" + "0010" + "3a" + "ff")
        .contains("fe800000000000006d616d6d61747573" + "fe80000000000000505400fffe123456");
  }

  /** Type 134, code 0, checksum; no hop limit, no flag, no lifetime, no timer, no option. */
  @Test
  void itOffersNothing() {
    assertThat(packet.substring(80)).matches("8600[0-9a-f]{4}0{24}");
  }

  /** RFC 1071: over what was summed and the sum itself, it is all ones. */
  @Test
  void theChecksumIsRight() {
    for (String mac :
        new String[] {"52:54:00:12:34:56", "00:00:00:00:00:00", "fe:ff:ff:ff:ff:ff"}) {
      byte[] octets = RouterAdvertisement.noRouter(Mac.parse(mac));
      int sum = 16 + 58;
      for (int i = 8; i < octets.length; i += 2) {
        sum += (octets[i] & 0xff) * 256 + (octets[i + 1] & 0xff);
        sum = (sum & 0xffff) + (sum >> 16);
      }
      assertThat(sum).as(mac).isEqualTo(0xffff);
    }
  }
}
