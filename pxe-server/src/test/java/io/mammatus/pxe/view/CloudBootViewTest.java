package io.mammatus.pxe.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.AvailableStatus;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import io.mammatus.pxe.testing.Dhcp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CloudBootViewTest {

  private static final Mac MAC = Mac.parse("52:54:00:12:34:56");
  private static final Ipv4 ADDRESS = Ipv4.parse("10.88.0.20");

  private static final Resource<NetworkSpec, AvailableStatus> NETWORK =
      new Resource<>(
          Kind.NETWORK,
          metadata(1, "lab"),
          new NetworkSpec(
              Cidr.parse("10.88.0.0/24"),
              "br0",
              Ipv4.parse("10.88.0.1"),
              Ipv4.parse("10.88.0.254"),
              AddressRange.parse("10.88.0.10-10.88.0.99"),
              AddressRange.parse("10.88.0.100-10.88.0.199"),
              List.of(),
              null,
              Duration.ofHours(1)),
          AvailableStatus.AVAILABLE);

  @Test
  void aMachineIsAHostOnceItHasAnAddress() {
    MachineStatus registered = MachineStatus.registered(List.of(MAC));
    assertThat(view(registered).hostByMac(MAC)).isEmpty();

    BootView view = view(registered.heard(ADDRESS, new NetworkId(NETWORK.id()), null, "bios"));
    Host host = view.hostByMac(MAC).orElseThrow();
    assertThat(host.kind()).isEqualTo(Host.Kind.MACHINE);
    assertThat(host.name()).isEqualTo("node-1");
    assertThat(host.address()).isEqualTo(ADDRESS);
    assertThat(view.hostByAddress(ADDRESS)).contains(host);
    assertThat(view.hostsByName("node-1")).containsExactly(host);
    assertThat(view.hostsByName("node-2")).isEmpty();
    assertThat(view(registered).hostsByName("node-1")).isEmpty();
  }

  @Test
  void whatIsToBootItsDiskIsNotGivenTheNodeImage() {
    MachineStatus heard =
        MachineStatus.registered(List.of(MAC))
            .heard(ADDRESS, new NetworkId(NETWORK.id()), null, "bios");
    assertThat(view(heard).hostByMac(MAC).orElseThrow().bootable()).isTrue();
    MachineSpec disk = new MachineSpec(List.of(), null, MachineSpec.Boot.DISK);
    assertThat(view(disk, heard).hostByMac(MAC).orElseThrow().bootable()).isFalse();
  }

  @Test
  void aNetworkIsASubnetWhoseServerAnswersForMetadata() {
    Subnet subnet =
        view(MachineStatus.registered(List.of(MAC))).subnetByInterface("br0").orElseThrow();
    assertThat(subnet.serverAddress()).isEqualTo(Ipv4.parse("10.88.0.1"));
    assertThat(subnet.metadataRouter()).contains(subnet.serverAddress());
    assertThat(subnet.gateway()).contains(Ipv4.parse("10.88.0.254"));
  }

  /** The server's address is none of theirs, and no next hop on their link. */
  @Test
  void thoseBehindARelayReachMetadataByTheirGateway() {
    NetworkSpec far =
        new NetworkSpec(
            Cidr.parse("10.77.0.0/24"),
            "br0",
            Ipv4.parse("10.88.0.1"),
            Ipv4.parse("10.77.0.254"),
            AddressRange.parse("10.77.0.10-10.77.0.99"),
            AddressRange.parse("10.77.0.100-10.77.0.199"),
            List.of(),
            null,
            Duration.ofHours(1),
            Dhcp.of()
                .mode(DhcpSpec.Mode.RELAYED)
                .reservations(new DhcpSpec.Reservation(MAC, Ipv4.parse("10.77.0.7"), "Far"))
                .spec());
    Resource<NetworkSpec, AvailableStatus> relayed =
        new Resource<>(Kind.NETWORK, metadata(7, "far"), far, AvailableStatus.AVAILABLE);
    BootView view = new CloudBootView(Cloud.of(1, List.of(NETWORK, relayed)));
    Subnet subnet = view.subnetByAddress(Ipv4.parse("10.77.0.20"), "br0").orElseThrow();
    assertThat(subnet.metadataRouter()).contains(Ipv4.parse("10.77.0.254"));
    assertThat(view.subnetByAddress(Ipv4.parse("10.77.0.20"), "br1")).isEmpty();

    assertThat(view.hostByMac(MAC)).as("a reservation is its network's alone").isEmpty();
    assertThat(view.reserved(new NetworkId(NETWORK.id()), MAC)).isEmpty();
    Host host = view.reserved(new NetworkId(relayed.id()), MAC).orElseThrow();
    assertThat(host.kind()).isEqualTo(Host.Kind.RESERVED);
    assertThat(view.hostByAddress(Ipv4.parse("10.77.0.7"))).contains(host);
    assertThat(view.hostsByName("far")).as("however it is spelled").containsExactly(host);
  }

  private static BootView view(MachineStatus status) {
    return view(MachineSpec.DISCOVERED, status);
  }

  private static BootView view(MachineSpec spec, MachineStatus status) {
    Resource<MachineSpec, MachineStatus> machine =
        new Resource<>(Kind.MACHINE, metadata(2, "node-1"), spec, status);
    return new CloudBootView(Cloud.of(1, List.of(NETWORK, machine)));
  }

  private static Metadata metadata(long id, String name) {
    return new Metadata(
        new Uid(new UUID(0, id)),
        name,
        Metadata.DEFAULT_WORKSPACE,
        Map.of(),
        1,
        Instant.EPOCH,
        null);
  }
}
