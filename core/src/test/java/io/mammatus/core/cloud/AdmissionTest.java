package io.mammatus.core.cloud;

import static io.mammatus.core.cloud.Scenario.KEY_A;
import static io.mammatus.core.cloud.Scenario.KEY_B;
import static io.mammatus.core.cloud.Scenario.MAC_A;
import static io.mammatus.core.cloud.Scenario.MAC_B;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.cloud.Command.AcceptMachine;
import io.mammatus.core.cloud.Command.Connect;
import io.mammatus.core.cloud.Command.RequestAdmission;
import io.mammatus.core.cloud.Command.RevokeNode;
import io.mammatus.core.cloud.Failure.Code;
import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachinePhase;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  private final Scenario rack = Scenario.withNetwork();

  private AcceptMachine accepting(String key) {
    return new AcceptMachine("machine-1", key, false, new NodeId(rack.newId()));
  }

  @Test
  void aMachineWaitsUntilItsKeyIsAccepted() {
    rack.hears(MAC_A);
    assertThat(rack.machine(MAC_A).status().phase()).isEqualTo(MachinePhase.DISCOVERED);
    rack.does(rack.asking(MAC_A, KEY_A));
    assertThat(rack.machine(MAC_A).status().phase()).isEqualTo(MachinePhase.WAITING);
    rack.does(accepting(KEY_A));
    assertThat(rack.machine(MAC_A).status().phase()).isEqualTo(MachinePhase.ACCEPTED);
    rack.does(new Connect(rack.nodeOf(MAC_A), "boot-1"));
    assertThat(rack.machine(MAC_A).status().phase()).isEqualTo(MachinePhase.READY);
  }

  @Test
  void askingAgainAndAcceptingAgainSaysNothingNew() {
    rack.hears(MAC_A);
    rack.does(rack.asking(MAC_A, KEY_A));
    assertThat(rack.does(rack.asking(MAC_A, KEY_A))).isEmpty();
    rack.does(accepting(KEY_A));
    assertThat(rack.does(accepting(KEY_A))).isEmpty();
    assertThat(rack.does(rack.asking(MAC_A, KEY_A))).isEmpty();
  }

  @Test
  void theNameAloneAdmitsNobodyUnlessPolicySaysSo() {
    rack.hears(MAC_A);
    rack.does(rack.asking(MAC_A, KEY_A));
    AcceptMachine byName = new AcceptMachine("machine-1", null, false, new NodeId(rack.newId()));
    assertThat(rack.refuses(byName).field()).isEqualTo("fingerprint");
    rack.does(new AcceptMachine("machine-1", null, true, new NodeId(rack.newId())));
    assertThat(rack.machine(MAC_A).status().phase()).isEqualTo(MachinePhase.ACCEPTED);
  }

  @Test
  void anImpostorWhoAskedFirstIsNotAcceptedByTheRealKeysFingerprint() {
    rack.hears(MAC_A);
    rack.does(rack.asking(MAC_A, KEY_B));
    assertThat(rack.refuses(accepting(KEY_A)).code()).isEqualTo(Code.INVALID);
    rack.does(rack.asking(MAC_A, KEY_A));
    rack.does(accepting(KEY_A));
    NodeId node = rack.nodeOf(MAC_A);
    assertThat(rack.node(node).status().fingerprint()).isEqualTo(KEY_A);
  }

  @Test
  void aRequestFromAnotherAddressThanTheMachinesIsRefused() {
    rack.hears(MAC_A);
    RequestAdmission elsewhere =
        new RequestAdmission(MAC_A, KEY_A, Ipv4.parse("10.88.0.200"), new NodeId(rack.newId()));
    assertThat(rack.refuses(elsewhere).code()).isEqualTo(Code.FORBIDDEN);
  }

  @Test
  void tooManyKeysForOneMachineAreRefused() {
    rack.hears(MAC_A);
    for (int i = 0; i < MachineStatus.MAX_PENDING; i++) {
      rack.does(rack.asking(MAC_A, "sha256:" + Integer.toString(i).repeat(64)));
    }
    assertThat(rack.refuses(rack.asking(MAC_A, KEY_A)).message()).contains("reject");
    rack.does(new Command.RejectKey("machine-1", "sha256:" + "0".repeat(64)));
    rack.does(rack.asking(MAC_A, KEY_A));
  }

  @Test
  void aStrangerAskingForANodeThatIsUpDoesNotDisturbIt() {
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    rack.does(rack.asking(MAC_A, KEY_B));
    assertThat(rack.machine(MAC_A).status().phase()).isEqualTo(MachinePhase.READY);
    assertThat(rack.node(node).status().phase()).isEqualTo(NodePhase.READY);
  }

  @Test
  void aNodeThatIsAwayStaysItWhenAStrangersKeyIsRejected() {
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    rack.does(new Command.Disconnect(node, "boot-1", "power"));
    rack.does(rack.asking(MAC_A, KEY_B));
    assertThat(rack.machine(MAC_A).status().phase()).isEqualTo(MachinePhase.WAITING);
    rack.does(new Command.RejectKey("machine-1", KEY_B));
    assertThat(rack.machine(MAC_A).status().phase()).isEqualTo(MachinePhase.LOST);
    rack.does(new Connect(node, "boot-2"));
    assertThat(rack.machine(MAC_A).status().phase()).isEqualTo(MachinePhase.READY);
  }

  @Test
  void aMachineThatComesBackWithANewKeyIsANewNodeAndItsInstancesAreLost() {
    rack.stocks();
    NodeId old = rack.joins(MAC_A, KEY_A, 1024);
    InstanceId web = rack.creates("web");
    rack.plan();
    rack.reports(old, web);
    rack.does(new Command.Disconnect(old, "boot-1", "power"));
    rack.does(rack.asking(MAC_A, KEY_B));
    rack.does(accepting(KEY_B));
    assertThat(rack.nodeOf(MAC_A)).isNotEqualTo(old);
    assertThat(rack.cloud().node(old)).isEmpty();
    assertThat(rack.status(web).phase()).isEqualTo(InstancePhase.LOST);
  }

  @Test
  void aRevokedNodeIsRefusedAndMayAskAgain() {
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    rack.does(new RevokeNode("machine-1", "stolen"));
    assertThat(rack.refuses(new Connect(node, "boot-2")).code()).isEqualTo(Code.FORBIDDEN);
    rack.does(rack.asking(MAC_A, KEY_B));
    rack.does(accepting(KEY_B));
    rack.does(new Connect(rack.nodeOf(MAC_A), "boot-2"));
    assertThat(rack.machine(MAC_A).status().phase()).isEqualTo(MachinePhase.READY);
  }

  private void reserves(DhcpSpec.Reservation... reservations) {
    NetworkSpec lab = Scenario.network("10.88.0.10-10.88.0.12");
    DhcpSpec usual = DhcpSpec.USUAL;
    DhcpSpec dhcp =
        new DhcpSpec(
            null,
            null,
            usual.pools(),
            usual.exclusions(),
            List.of(reservations),
            usual.search(),
            usual.ntp(),
            null,
            usual.routes(),
            usual.options(),
            null,
            null,
            null,
            usual.relays());
    rack.apply(
        Kind.NETWORK,
        "lab",
        new NetworkSpec(
            lab.cidr(),
            lab.interfaceName(),
            lab.server(),
            lab.gateway(),
            lab.machines(),
            lab.instances(),
            lab.dns(),
            lab.domain(),
            lab.lease(),
            dhcp));
  }

  @Test
  void aReservedServerIsEnrolledWithItsAddressAndName() {
    Ipv4 address = Ipv4.parse("10.88.0.77");
    reserves(new DhcpSpec.Reservation(MAC_A, address, "DB-1"));
    rack.hears(MAC_A);
    assertThat(rack.machine(MAC_A).status().address()).isEqualTo(address);
    assertThat(rack.machine(MAC_A).name()).isEqualTo("db-1");
    rack.hears(MAC_B);
    assertThat(rack.machine(MAC_B).status().address()).isEqualTo(Ipv4.parse("10.88.0.10"));
    assertThat(rack.machine(MAC_B).name()).isEqualTo("machine-2");
  }

  /** It is reserved for another card from now on: the machine keeps what it has. */
  @Test
  void aNameOrAnAddressThatSomebodyHasIsNotGivenTwice() {
    Ipv4 address = Ipv4.parse("10.88.0.77");
    reserves(new DhcpSpec.Reservation(MAC_A, address, "db"));
    rack.hears(MAC_A);
    reserves(new DhcpSpec.Reservation(MAC_B, Ipv4.parse("10.88.0.78"), "db"));
    rack.hears(MAC_B);
    assertThat(rack.machine(MAC_A).status().address()).isEqualTo(address);
    assertThat(rack.machine(MAC_B).name()).isEqualTo("machine-2");
  }

  @Test
  void whatIsHeardThroughARelayIsOfANetworkOfThatInterface() {
    Sighting elsewhere = new Sighting(MAC_A, "br1", Ipv4.parse("10.88.0.253"), null, "bios");
    assertThat(rack.refuses(new Command.Enrol(new MachineId(rack.newId()), elsewhere)).message())
        .contains("br1", "10.88.0.253");
    rack.does(
        new Command.Enrol(
            new MachineId(rack.newId()),
            new Sighting(MAC_A, "br0", Ipv4.parse("10.88.0.253"), null, "bios")));
    assertThat(rack.machine(MAC_A).status().address()).isEqualTo(Ipv4.parse("10.88.0.10"));
  }

  @Test
  void aFullPoolRefusesOneMachineMoreAndSaysWhatToDo() {
    for (int i = 1; i <= 3; i++) {
      rack.hears(new Mac(0x525400000100L + i));
    }
    Failure failure =
        rack.refuses(
            new Command.Enrol(new MachineId(rack.newId()), new Sighting(MAC_B, "br0", null, null)));
    assertThat(failure.code()).isEqualTo(Code.EXHAUSTED);
    assertThat(failure.message()).contains("spec.machines");
  }
}
