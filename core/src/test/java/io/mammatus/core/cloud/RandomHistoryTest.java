package io.mammatus.core.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.log.LogEntry;
import io.mammatus.core.planner.DesiredState;
import io.mammatus.core.planner.Planner;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachinePhase;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whatever is asked for, in whatever order: nothing throws, and what must hold holds. Seeded; the
 * seed and the step are in the failure.
 */
class RandomHistoryTest {

  private static final int HISTORIES = 120;
  private static final int STEPS = 150;

  private static final Set<String> TAKEN = new TreeSet<>();

  @Test
  void whatMustHoldHolds() {
    for (long seed = 0; seed < HISTORIES; seed++) {
      RandomHistory history = new RandomHistory(seed);
      for (int step = 0; step < STEPS; step++) {
        try {
          history.step(RandomHistoryTest::phasesFollowTheirTable);
          check(history);
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError("seed " + seed + ", step " + step, e);
        }
      }
    }
    Set<String> declared = new TreeSet<>();
    for (MachinePhase from : MachinePhase.values()) {
      from.next().forEach(to -> declared.add(from + " to " + to));
    }
    assertThat(TAKEN).as("every way that is declared is taken").isEqualTo(declared);
  }

  private static void check(RandomHistory history) {
    history.plan(RandomHistoryTest::phasesFollowTheirTable);
    Cloud cloud = history.cloud();
    assertThat(Planner.plan(cloud)).as("a plan leaves nothing to plan").isEmpty();
    nothingIsSharedAndEverythingIsFound(cloud);
    machinesAndNodesAgree(cloud);
    cloud
        .nodes()
        .forEach(node -> {
          var unused = DesiredState.of(cloud, new NodeId(node.id()));
        });
  }

  private static void phasesFollowTheirTable(Cloud before, LogEntry entry, Cloud after) {
    after
        .machines()
        .forEach(machine -> {
          MachinePhase now = machine.status().phase();
          before
              .machine(new MachineId(machine.id()))
              .map(old -> old.status().phase())
              .filter(old -> old != now)
              .ifPresent(old -> {
                assertThat(old.next()).as("%s, after %s", entry.event(), old).contains(now);
                TAKEN.add(old + " to " + now);
              });
        });
  }

  private static void nothingIsSharedAndEverythingIsFound(Cloud cloud) {
    Set<Object> taken = new HashSet<>();
    cloud
        .instances()
        .forEach(instance -> {
          InstanceStatus status = instance.status();
          if (status.mac() != null && status.address() != null) {
            assertThat(taken.add(status.mac())).as("%s is one instance's", status.mac()).isTrue();
            assertThat(taken.add(status.address())).as("%s", status.address()).isTrue();
            assertThat(cloud.owner(status.mac())).contains(instance.ref());
            assertThat(cloud.owner(status.address())).contains(instance.ref());
          }
        });
    cloud
        .machines()
        .forEach(machine -> {
          MachineStatus status = machine.status();
          status
              .macs()
              .forEach(mac -> {
                assertThat(taken.add(mac)).as("%s is one machine's", mac).isTrue();
                assertThat(cloud.owner(mac)).contains(machine.ref());
              });
          if (status.address() != null) {
            assertThat(taken.add(status.address())).as("%s", status.address()).isTrue();
            assertThat(cloud.owner(status.address())).contains(machine.ref());
          }
        });
  }

  /** A machine that is up is a node that is up, and the other way round. */
  private static void machinesAndNodesAgree(Cloud cloud) {
    cloud
        .machines()
        .forEach(machine -> {
          NodeId node = machine.status().node();
          MachinePhase phase = machine.status().phase();
          if (phase == MachinePhase.READY || phase == MachinePhase.ACCEPTED) {
            assertThat(node).isNotNull();
          }
          if (node != null) {
            NodePhase there = cloud.node(node).orElseThrow().status().phase();
            assertThat(there == NodePhase.READY).isEqualTo(phase == MachinePhase.READY);
            assertThat(there).isNotEqualTo(NodePhase.REVOKED);
          }
        });
    cloud
        .nodes()
        .forEach(node -> {
          if (node.status().phase() != NodePhase.REVOKED) {
            MachineStatus machine = cloud.machine(node.spec().machine()).orElseThrow().status();
            assertThat(machine.node()).isEqualTo(new NodeId(node.id()));
          }
        });
  }
}
