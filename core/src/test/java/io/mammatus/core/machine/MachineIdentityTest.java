package io.mammatus.core.machine;

import static io.mammatus.core.cloud.Scenario.KEY_A;
import static io.mammatus.core.cloud.Scenario.KEY_B;
import static io.mammatus.core.cloud.Scenario.MAC_A;
import static io.mammatus.core.cloud.Scenario.MAC_B;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.cloud.Command;
import io.mammatus.core.cloud.Scenario;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodeStatus.Capacity;
import org.junit.jupiter.api.Test;

class MachineIdentityTest {

  private static final String REPEATED_UUID = "03000200-0400-0500-0006-000700080009";
  private static final Capacity ROOM = new Capacity(2, 1024, 20, true);

  @Test
  void boardsThatRepeatTheirSmbiosUuidStayTwoMachines() {
    Scenario rack = Scenario.withNetwork();
    MachineId first = rack.hears(MAC_A, REPEATED_UUID);
    MachineId second = rack.hears(MAC_B, REPEATED_UUID);
    assertThat(first).isNotEqualTo(second);
    assertThat(rack.machine(MAC_A).status().address())
        .isNotEqualTo(rack.machine(MAC_B).status().address());
  }

  @Test
  void theSameCardHeardAgainIsTheSameMachineWithTheSameAddress() {
    Scenario rack = Scenario.withNetwork();
    MachineId first = rack.hears(MAC_A);
    long before = rack.cloud().position();
    assertThat(rack.hears(MAC_A, REPEATED_UUID)).isEqualTo(first);
    assertThat(rack.cloud().position()).isEqualTo(before);
  }

  @Test
  void aSecondCardThatBootedFirstJoinsTheMachineWhoseAgentReportsIt() {
    Scenario rack = Scenario.withNetwork();
    MachineId other = rack.hears(MAC_B);
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    rack.does(new Command.ReportInventory(node, Scenario.inventory(MAC_A, MAC_B), ROOM));
    assertThat(rack.machine(MAC_B).id()).isEqualTo(rack.machine(MAC_A).id());
    assertThat(rack.cloud().machine(other)).isEmpty();
  }

  @Test
  void aCardThatMovesLeavesItsOldNodeAMachineWithoutIt() {
    Scenario rack = Scenario.withNetwork();
    NodeId a = rack.joins(MAC_A, KEY_A, 1024);
    NodeId b = rack.joins(MAC_B, KEY_B, 1024);
    MachineId machineA = new MachineId(rack.machine(MAC_A).id());
    rack.does(new Command.ReportInventory(b, Scenario.inventory(MAC_B, MAC_A), ROOM));
    assertThat(rack.machine(MAC_A).id())
        .as("while its own agent is connected, a card stays")
        .isEqualTo(machineA.uid());
    rack.does(new Command.Disconnect(a, "boot-1", "switched off"));
    rack.does(new Command.ReportInventory(b, Scenario.inventory(MAC_B, MAC_A), ROOM));
    assertThat(rack.machine(MAC_A).id()).isEqualTo(rack.machine(MAC_B).id());
    assertThat(rack.cloud().machine(machineA).orElseThrow().status().macs()).isEmpty();
    assertThat(rack.cloud().node(a)).isPresent();
  }

  @Test
  void aMachineThatWasRegisteredBeforehandIsFoundByItsCard() {
    Scenario rack = Scenario.withNetwork();
    rack.apply(
        Kind.MACHINE,
        "rack1-slot2",
        new io.mammatus.core.resource.MachineSpec(java.util.List.of(MAC_A), KEY_A));
    rack.hears(MAC_A);
    assertThat(rack.machine(MAC_A).name()).isEqualTo("rack1-slot2");
    rack.does(rack.asking(MAC_A, KEY_A));
    assertThat(rack.machine(MAC_A).status().node()).isNotNull();
  }
}
