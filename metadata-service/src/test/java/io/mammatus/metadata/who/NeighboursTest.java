package io.mammatus.metadata.who;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import org.junit.jupiter.api.Test;

class NeighboursTest {

  private static final String TABLE =
      """
      IP address       HW type     Flags       HW address            Mask     Device
      10.88.0.100      0x1         0x2         02:00:00:00:00:01     *        br0
      10.88.0.101      0x1         0x0         00:00:00:00:00:00     *        br0
      10.88.0.102      0x1         0x6         02:00:00:00:00:03     *        br0
      10.88.0.10       0x1         0x2         02:00:00:00:00:04     *        br0
      10.88.0.103      0x20        0x2         80:00:02:08:fe:80:00:00:00:00     *        ib0
      broken
      """;

  private static Ipv4 address(String text) {
    return Ipv4.parse(text);
  }

  @Test
  void anAddressHasTheCardThatTheKernelResolved() {
    assertThat(Neighbours.find(TABLE, address("10.88.0.100")))
        .contains(Mac.parse("02:00:00:00:00:01"));
    assertThat(Neighbours.find(TABLE, address("10.88.0.102")))
        .as("a permanent entry")
        .contains(Mac.parse("02:00:00:00:00:03"));
    assertThat(Neighbours.find(TABLE, address("10.88.0.10")))
        .contains(Mac.parse("02:00:00:00:00:04"));
  }

  @Test
  void whatIsNotResolvedIsNobody() {
    assertThat(Neighbours.find(TABLE, address("10.88.0.101"))).isEmpty();
    assertThat(Neighbours.find(TABLE, address("10.88.0.1"))).isEmpty();
    assertThat(Neighbours.find("", address("10.88.0.100"))).isEmpty();
  }

  @Test
  void aCardThatIsNoEthernetIsNobody() {
    assertThat(Neighbours.find(TABLE, address("10.88.0.103"))).isEmpty();
  }
}
