package io.mammatus.core.cloud;

import static io.mammatus.core.cloud.Scenario.KEY_A;
import static io.mammatus.core.cloud.Scenario.KEY_B;
import static io.mammatus.core.cloud.Scenario.MAC_A;
import static io.mammatus.core.cloud.Scenario.MAC_B;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.node.NodeObserved.InstanceState;
import io.mammatus.core.node.NodeObserved.State;
import io.mammatus.core.planner.DesiredState;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NodeId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An image is there for as long as an instance is still to be made of it. */
class ImageUseTest {

  private static final Command DELETE =
      new Command.Delete(Kind.IMAGE, Metadata.DEFAULT_WORKSPACE, "debian-12", null);

  private final Scenario rack = Scenario.withNetwork();

  @BeforeEach
  void stock() {
    rack.stocks();
  }

  private long desired(NodeId node) {
    return rack.node(node).status().desiredGeneration();
  }

  @Test
  void itStaysWhileInstancesAreToBeMadeOfItAndTheyAreNamed() {
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    InstanceId web = rack.creates("web");
    rack.creates("db");
    Failure unplaced = rack.refuses(DELETE);
    assertThat(unplaced.code()).isEqualTo(Failure.Code.CONFLICT);
    assertThat(unplaced.message()).endsWith(": db, web");
    rack.plan();
    assertThat(rack.refuses(DELETE)).as("placed is not made").isEqualTo(unplaced);
    rack.reports(node, web);
    assertThat(rack.refuses(DELETE).message()).endsWith(": db");
  }

  @Test
  void itGoesWhenWhatWasMadeOfItRunsOrGoes() {
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    InstanceId web = rack.creates("web");
    rack.creates("db");
    rack.plan();
    rack.reports(node, web);
    rack.does(new Command.Delete(Kind.INSTANCE, Metadata.DEFAULT_WORKSPACE, "db", null));
    rack.does(DELETE);
    assertThat(rack.cloud().list(Kind.IMAGE)).isEmpty();
    assertThat(rack.status(web).phase()).isEqualTo(InstancePhase.RUNNING);
  }

  @Test
  void anInstanceThatIsLostIsNotMadeAgainAndNeedsNoImage() {
    rack.joins(MAC_A, KEY_A, 1024);
    InstanceId web = rack.creates("web");
    rack.plan();
    rack.does(new Command.RevokeNode("machine-1", "stolen"));
    assertThat(rack.status(web).phase()).isEqualTo(InstancePhase.LOST);
    rack.does(DELETE);
    assertThat(rack.cloud().list(Kind.IMAGE)).isEmpty();
  }

  @Test
  void everyNodeIsToldWhenItGoes() {
    List<NodeId> nodes = List.of(rack.joins(MAC_A, KEY_A, 1024), rack.joins(MAC_B, KEY_B, 1024));
    rack.does(DELETE);
    for (NodeId node : nodes) {
      assertThat(desired(node)).isEqualTo(rack.cloud().position());
      assertThat(DesiredState.of(rack.cloud(), node).orElseThrow().images()).isEmpty();
    }
  }

  /** What the node says of it is what people read, and it is over when the image is there. */
  @Test
  void anInstanceWhoseImageIsGoneSaysSo() {
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    InstanceId web = rack.creates("web");
    rack.plan();
    says(node, new InstanceState(web, State.FAILED, "unknown-image", "there is no image"));
    assertThat(rack.status(web).phase()).isEqualTo(InstancePhase.FAILED);
    assertThat(rack.status(web).conditions())
        .anySatisfy(c -> {
          assertThat(c.type()).isEqualTo("running");
          assertThat(c.reason()).isEqualTo("unknown-image");
        });
    assertThat(rack.node(node).status().observedGeneration()).isLessThan(desired(node));
    says(node, new InstanceState(web, State.CREATING, "", ""));
    assertThat(rack.status(web).conditions()).noneMatch(c -> c.reason().equals("unknown-image"));
  }

  private void says(NodeId node, InstanceState state) {
    rack.does(
        new Command.ReportObserved(node, new NodeObserved(desired(node), false, List.of(state))));
  }
}
