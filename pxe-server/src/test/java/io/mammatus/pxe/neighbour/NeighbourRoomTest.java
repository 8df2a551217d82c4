package io.mammatus.pxe.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.pxe.testing.Dhcp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighbourRoomTest {

  @TempDir Path folder;

  @Test
  void whoeverCanBeGivenAnAddressOnAServedLinkIsANeighbour() {
    List<NetworkSpec> networks =
        List.of(network("eno1", null), network("eno2", pools()), network("eno3", null));
    assertThat(NeighbourLimits.hosts(networks, List.of("eno1"))).isEqualTo(768 + 10);
    assertThat(NeighbourLimits.hosts(networks, List.of("eno1", "eno2")))
        .isEqualTo(2 * (768 + 10) + 256);
  }

  @Test
  void whoIsBehindARelayIsTheRoutersNeighbour() {
    DhcpSpec relayed = Dhcp.of().mode(DhcpSpec.Mode.RELAYED).spec();
    assertThat(NeighbourLimits.hosts(List.of(network("eno1", relayed)), List.of("eno1"))).isZero();
  }

  @Test
  void roomGrowsWithTheNetworksAndNeverShrinks() throws Exception {
    for (int i = 1; i <= 3; i++) {
      Files.writeString(folder.resolve("gc_thresh" + i), "100\n");
    }
    NeighbourTable table = new NeighbourTable(folder);
    NeighbourRoom room = new NeighbourRoom(table, List.of("eno1", "eno2"));
    room.make(List.of(network("eno1", null)));
    assertThat(table.limits()).contains(new NeighbourLimits(194, 778, 1556));
    List<NetworkSpec> both = List.of(network("eno1", null), network("eno2", pools()));
    assertThat(room.isWanted(both)).isTrue();
    room.make(both);
    assertThat(table.limits()).contains(new NeighbourLimits(453, 1812, 3624));
    assertThat(room.isWanted(List.of(network("eno1", null)))).isFalse();
    room.make(List.of(network("eno1", null)));
    assertThat(table.limits()).contains(new NeighbourLimits(453, 1812, 3624));
  }

  private static DhcpSpec pools() {
    return Dhcp.of("10.20.64.0-10.20.64.255").spec();
  }

  private static NetworkSpec network(String interfaceName, @Nullable DhcpSpec dhcp) {
    return new NetworkSpec(
        Cidr.parse("10.20.0.0/16"),
        interfaceName,
        Ipv4.parse("10.20.0.1"),
        Ipv4.parse("10.20.0.1"),
        AddressRange.parse("10.20.1.0-10.20.3.255"),
        AddressRange.parse("10.20.16.0-10.20.16.9"),
        List.of(),
        null,
        Duration.ofHours(1),
        dhcp);
  }
}
