package io.mammatus.pxe.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.pxe.testing.Dhcp;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which of the server's addresses answers whom. */
class TftpPlaceTest {

  private static final Ipv4 SERVER = Ipv4.parse("10.1.0.1");
  private static final Ipv4 BEHIND_RELAY = Ipv4.parse("10.3.0.20");
  private static final Subnet FAR = subnet("10.3.0.0/24", DhcpSpec.Mode.RELAYED);
  private static final Subnet RACK = subnet("10.1.0.0/24", DhcpSpec.Mode.SERVE);

  private static Subnet subnet(String cidr, DhcpSpec.Mode mode) {
    return new Subnet(
        new NetworkId(new Uid(new UUID(0, cidr.hashCode()))),
        "eth1",
        SERVER,
        Cidr.parse(cidr),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Duration.ofHours(1),
        Dhcp.of().mode(mode).spec());
  }

  @Test
  void anInterfaceMayHaveNetworksBehindRelaysOnly() {
    SnapshotView view = new SnapshotView(List.of(FAR), List.of());
    assertThat(TftpServer.subnet(view, "eth1", BEHIND_RELAY)).contains(FAR);
    assertThat(TftpServer.isStranger(view, FAR, BEHIND_RELAY)).isFalse();
    assertThat(TftpServer.subnet(view, "eth2", BEHIND_RELAY)).isEmpty();
  }

  @Test
  void aClientsOwnNetworkIsBeforeThatOfTheLink() {
    SnapshotView view = new SnapshotView(List.of(RACK, FAR), List.of());
    assertThat(TftpServer.subnet(view, "eth1", BEHIND_RELAY)).contains(FAR);
    assertThat(TftpServer.subnet(view, "eth1", Ipv4.parse("10.1.0.20"))).contains(RACK);
    Ipv4 stranger = Ipv4.parse("192.0.2.1");
    assertThat(TftpServer.subnet(view, "eth1", stranger)).contains(RACK);
    assertThat(TftpServer.isStranger(view, RACK, stranger)).isTrue();
  }

  /** As {@code mammatus doctor} asks: from the address that it asks. */
  @Test
  void theServerItselfIsNoStranger() {
    SnapshotView view = new SnapshotView(List.of(FAR), List.of());
    assertThat(TftpServer.subnet(view, TftpServer.LOOPBACK, SERVER)).contains(FAR);
    assertThat(TftpServer.isStranger(view, FAR, SERVER)).isFalse();
    assertThat(TftpServer.subnet(view, TftpServer.LOOPBACK, Ipv4.parse("192.0.2.1"))).isEmpty();
  }
}
