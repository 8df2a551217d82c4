package io.mammatus.core.cloud;

import static io.mammatus.core.cloud.Scenario.KEY_A;
import static io.mammatus.core.cloud.Scenario.MAC_A;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.NodeId;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeReportsTest {

  private final Scenario rack = Scenario.withNetwork();

  /** Else it would pass for converged on all that is to come. */
  @ParameterizedTest
  @ValueSource(longs = {1, 99_999_999, Long.MAX_VALUE / 2})
  void whatWasNeverAskedOfANodeCannotBeDone(long ahead) {
    rack.stocks();
    NodeId node = rack.joins(MAC_A, KEY_A, 1024);
    InstanceId web = rack.creates("web");
    rack.plan();
    rack.reports(node, web);
    rack.reports(node, web);
    long desired = rack.node(node).status().desiredGeneration();
    Failure failure =
        rack.refuses(
            new Command.ReportObserved(node, new NodeObserved(desired + ahead, true, List.of())));
    assertThat(failure.code()).isEqualTo(Failure.Code.INVALID);
    assertThat(failure.field()).isEqualTo("generation");
    assertThat(rack.status(web).phase()).isEqualTo(InstancePhase.RUNNING);
    assertThat(rack.node(node).status().observedGeneration()).isEqualTo(desired);
  }
}
