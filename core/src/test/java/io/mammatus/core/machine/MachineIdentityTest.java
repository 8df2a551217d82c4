package io.mammatus.core.machine;

import static io.mammatus.core.cloud.Scenario.KEY_A;
import static io.mammatus.core.cloud.Scenario.KEY_B;
import static io.mammatus.core.cloud.Scenario.MAC_A;
import static io.mammatus.core.cloud.Scenario.MAC_B;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.cloud.Command;
import io.mammatus.core.cloud.Failure;
import io.mammatus.core.cloud.Scenario;
import io.mammatus.core.log.Event;
import io.mammatus.core.log.MachineEvent.CardsContested;
import io.mammatus.core.resource.Condition;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodeStatus.Capacity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** What another machine is, whose card an admitted agent reports. */
  private enum Owner {
    HEARD_ONLY,
    ASKING,
    ACCEPTED,
    UP,
    AWAY,
    AWAY_AND_ASKED_FOR,
    REVOKED,
    DESCRIBED
  }

  private static Scenario rackWith(Owner owner) {
    Scenario rack = Scenario.withNetwork();
    switch (owner) {
      case HEARD_ONLY -> rack.hears(MAC_A);
      case ASKING -> asks(rack);
      case ACCEPTED -> {
        asks(rack);
        rack.does(new Command.AcceptMachine("machine-1", KEY_A, false, new NodeId(rack.newId())));
      }
      case UP -> rack.joins(MAC_A, KEY_A, 1024);
      case AWAY -> goesAway(rack);
      case AWAY_AND_ASKED_FOR -> {
        goesAway(rack);
        rack.does(rack.asking(MAC_A, KEY_B));
      }
      case REVOKED -> {
        rack.joins(MAC_A, KEY_A, 1024);
        rack.does(new Command.RevokeNode("machine-1", "test"));
      }
      case DESCRIBED ->
          rack.apply(Kind.MACHINE, "machine-1", new MachineSpec(List.of(MAC_A), null, null));
    }
    return rack;
  }

  private static void asks(Scenario rack) {
    rack.hears(MAC_A);
    rack.does(rack.asking(MAC_A, KEY_A));
  }

  private static void goesAway(Scenario rack) {
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    rack.does(new Command.Disconnect(node, "boot-1", "switched off"));
  }

  @ParameterizedTest
  @CsvSource({
    "HEARD_ONLY, true",
    "ASKING, true",
    "REVOKED, true",
    "ACCEPTED, false",
    "UP, false",
    "AWAY, false",
    "AWAY_AND_ASKED_FOR, false",
    "DESCRIBED, false",
  })
  void anotherAgentsReportMovesOnlyACardThatNobodyWasAdmittedWith(Owner owner, boolean moves) {
    Scenario rack = rackWith(owner);
    MachineId had = new MachineId(rack.machine(MAC_A).id());
    NodeId other = rack.joins(MAC_B, KEY_B, 1024);
    var report = new Command.ReportInventory(other, Scenario.inventory(MAC_B, MAC_A), ROOM);
    List<Event> events = rack.does(report);
    assertThat(rack.machine(MAC_A).id().equals(rack.machine(MAC_B).id())).isEqualTo(moves);
    assertThat(rack.machine(MAC_A).id().equals(had.uid())).isEqualTo(!moves);
    assertThat(events.stream().anyMatch(CardsContested.class::isInstance)).isEqualTo(!moves);
    assertThat(rack.does(report)).as("said once").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "HEARD_ONLY, ''",
    "ASKING, ''",
    "REVOKED, ''",
    "AWAY, ''",
    "AWAY_AND_ASKED_FOR, ''",
    "ACCEPTED, which is up: switch it off first",
    "UP, which is up: switch it off first",
    "DESCRIBED, take it out of that machine's spec.macs first",
  })
  void anOperatorMovesACardOfAMachineThatIsNotUp(Owner owner, String refusal) {
    Scenario rack = rackWith(owner);
    rack.joins(MAC_B, KEY_B, 1024);
    String name = rack.machine(MAC_B).name();
    MachineSpec spec = new MachineSpec(List.of(MAC_A), null, null);
    if (refusal.isEmpty()) {
      rack.apply(Kind.MACHINE, name, spec);
      assertThat(rack.machine(MAC_A).name()).isEqualTo(name);
    } else {
      Failure failure = rack.refuses(rack.applying(Kind.MACHINE, name, spec, null));
      assertThat(failure.field()).isEqualTo("spec.macs");
      assertThat(failure.message()).contains("machine-1", refusal);
      assertThat(rack.machine(MAC_A).name()).isEqualTo("machine-1");
    }
  }

  @Test
  void aCardThatMovesLeavesItsOldNodeAMachineWithoutIt() {
    Scenario rack = Scenario.withNetwork();
    NodeId a = rack.joins(MAC_A, KEY_A, 1024);
    NodeId b = rack.joins(MAC_B, KEY_B, 1024);
    MachineId machineA = new MachineId(rack.machine(MAC_A).id());
    rack.does(new Command.Disconnect(a, "boot-1", "switched off"));
    rack.does(new Command.ReportInventory(b, Scenario.inventory(MAC_B, MAC_A), ROOM));
    assertThat(cards(rack).holds()).isFalse();
    assertThat(cards(rack).message()).isEqualTo(MAC_A + ", which is machine-1's");
    assertThat(rack.log().getLast().event().subjects())
        .as("both machines' stories tell it")
        .contains(machineA.ref(), rack.machine(MAC_B).ref());

    rack.apply(Kind.MACHINE, "machine-2", new MachineSpec(List.of(MAC_A), null, null));
    assertThat(rack.machine(MAC_A).id()).isEqualTo(rack.machine(MAC_B).id());
    assertThat(rack.cloud().machine(machineA).orElseThrow().status().macs()).isEmpty();
    assertThat(rack.cloud().node(a)).isPresent();
    rack.does(new Command.ReportInventory(b, Scenario.inventory(MAC_B, MAC_A), ROOM));
    assertThat(cards(rack).holds()).isTrue();
  }

  private static Condition cards(Scenario rack) {
    return rack.machine(MAC_B).status().conditions().stream()
        .filter(condition -> condition.type().equals(MachineIdentity.CARDS))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aMachineThatWasRegisteredBeforehandIsFoundByItsCard() {
    Scenario rack = Scenario.withNetwork();
    rack.apply(Kind.MACHINE, "rack1-slot2", new MachineSpec(List.of(MAC_A), KEY_A, null));
    rack.hears(MAC_A);
    assertThat(rack.machine(MAC_A).name()).isEqualTo("rack1-slot2");
    rack.does(rack.asking(MAC_A, KEY_A));
    assertThat(rack.machine(MAC_A).status().node()).isNotNull();
  }
}
