package io.mammatus.core.planner;

import static io.mammatus.core.cloud.Scenario.KEY_A;
import static io.mammatus.core.cloud.Scenario.KEY_B;
import static io.mammatus.core.cloud.Scenario.MAC_A;
import static io.mammatus.core.cloud.Scenario.MAC_B;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.cloud.Command;
import io.mammatus.core.cloud.Scenario;
import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.resource.Condition;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlannerTest {

  private final Scenario rack = Scenario.withNetwork();

  private Condition placed(InstanceId id) {
    return rack.status(id).conditions().stream()
        .filter(c -> c.type().equals("placed"))
        .findFirst()
        .orElseThrow();
  }

  private NodeDesired desired(NodeId node) {
    return DesiredState.of(rack.cloud(), node).orElseThrow();
  }

  @Test
  void anInstanceIsPlacedOnceAndOnlyOnce() {
    rack.stocks();
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    InstanceId web = rack.creates("web");
    rack.plan();
    assertThat(rack.status(web).node()).isEqualTo(node);
    assertThat(rack.status(web).phase()).isEqualTo(InstancePhase.STARTING);
    assertThat(rack.plan()).isEmpty();
  }

  @Test
  void whatKeepsAnInstanceFromBeingPlacedIsSaidOnce() {
    InstanceId web = rack.creates("web");
    rack.plan();
    assertThat(placed(web).reason()).isEqualTo("unknown-image");
    assertThat(rack.plan()).isEmpty();
    rack.stocks();
    rack.plan();
    assertThat(placed(web).reason()).isEqualTo("no-room");
    rack.joins(MAC_A, KEY_A, 128);
    rack.plan();
    assertThat(placed(web).message()).contains("none of the 1 ready nodes");
    rack.joins(MAC_B, KEY_B, 1024);
    rack.plan();
    assertThat(placed(web).holds()).isTrue();
  }

  @Test
  void aFullPoolOfAddressesHoldsTheInstance() {
    rack.stocks();
    rack.joins(MAC_A, KEY_A, 4096);
    for (int i = 0; i < 4; i++) {
      rack.creates("web-" + i);
    }
    rack.plan();
    long held =
        rack.cloud().instances().stream()
            .filter(i -> i.status().node() == null)
            .peek(i -> assertThat(placed(new InstanceId(i.id())).reason()).isEqualTo("no-address"))
            .count();
    assertThat(held).isEqualTo(1);
  }

  @Test
  void instancesSpreadToWhereMostMemoryIsFree() {
    rack.stocks();
    rack.joins(MAC_A, KEY_A, 1024);
    rack.joins(MAC_B, KEY_B, 1024);
    InstanceId one = rack.creates("one");
    InstanceId two = rack.creates("two");
    rack.plan();
    assertThat(rack.status(one).node()).isNotEqualTo(rack.status(two).node());
  }

  @Test
  void theDesiredStateFollowsPlacementObservationAndDeletion() {
    rack.stocks();
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    InstanceId web = rack.creates("web");
    rack.plan();
    long placedAt = desired(node).generation();
    assertThat(desired(node).instances())
        .singleElement()
        .satisfies(i -> assertThat(i.create()).isTrue());
    rack.reports(node, web);
    assertThat(desired(node).instances().getFirst().create()).isFalse();
    assertThat(desired(node).generation()).isGreaterThan(placedAt);
    rack.does(new Command.Delete(Kind.INSTANCE, Metadata.DEFAULT_WORKSPACE, "web", null));
    assertThat(desired(node).instances()).isEmpty();
    assertThat(rack.plan()).isEmpty();
    rack.reports(node);
    assertThat(rack.cloud().instance(web)).isEmpty();
  }

  @Test
  void anAbsenceReportedBeforeTheNodeKnewMeansNothing() {
    rack.stocks();
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    InstanceId web = rack.creates("web");
    rack.plan();
    rack.reports(node, web);
    rack.does(new Command.Delete(Kind.INSTANCE, Metadata.DEFAULT_WORKSPACE, "web", null));
    rack.does(new Command.ReportObserved(node, new NodeObserved(1, true, List.of())));
    assertThat(rack.cloud().instance(web)).isPresent();
  }

  @Test
  void anInstanceThatItsNodeDoesNotHaveAnyMoreIsLostAndNotMadeAgain() {
    rack.stocks();
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    InstanceId web = rack.creates("web");
    rack.plan();
    rack.reports(node, web);
    rack.reports(node);
    assertThat(rack.status(web).phase()).isEqualTo(InstancePhase.LOST);
    assertThat(desired(node).instances()).isEmpty();
  }

  @Test
  void aReportThatSaysTheSameAgainIsNoEvent() {
    rack.stocks();
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    InstanceId web = rack.creates("web");
    rack.plan();
    rack.reports(node, web);
    rack.reports(node, web);
    assertThat(rack.reports(node, web)).isEmpty();
  }

  @Test
  void deletingWhatWasNeverPlacedNeedsNoNode() {
    InstanceId web = rack.creates("web");
    rack.does(new Command.Delete(Kind.INSTANCE, Metadata.DEFAULT_WORKSPACE, "web", null));
    rack.plan();
    assertThat(rack.cloud().instance(web)).isEmpty();
  }

  @Test
  void whatGoesLeavesItsAddressToWhatWaitsInTheSamePlan() {
    rack.stocks();
    NodeId node = rack.joins(MAC_A, KEY_A, 4096);
    for (int i = 0; i < 3; i++) {
      rack.creates("web-" + i);
    }
    rack.plan();
    InstanceId late = rack.creates("late");
    rack.plan();
    assertThat(placed(late).reason()).isEqualTo("no-address");
    rack.does(new Command.RevokeNode("machine-1", "stolen"));
    rack.joins(MAC_B, KEY_B, 4096);
    rack.does(new Command.Delete(Kind.INSTANCE, Metadata.DEFAULT_WORKSPACE, "web-0", null));
    assertThat(rack.status(late).node()).isNull();
    rack.plan();
    assertThat(rack.status(late).node()).isNotNull().isNotEqualTo(node);
  }
}
