package io.mammatus.control.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Uid;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UnconfirmedTest {

  private static final NodeId NODE = new NodeId(new Uid(new UUID(1, 1)));

  private final Unconfirmed unconfirmed = new Unconfirmed();

  @Test
  void aNodeThatHasJustComeIsNotGone() {
    assertThat(unconfirmed.round(Map.of(NODE, "boot-1"))).isEmpty();
    assertThat(unconfirmed.round(Map.of())).isEmpty();
    assertThat(unconfirmed.round(Map.of(NODE, "boot-1"))).isEmpty();
    assertThat(unconfirmed.round(Map.of(NODE, "boot-1"))).isEmpty();
  }

  @Test
  void aNodeThatNobodyConfirmsForSeveralRoundsIsGone() {
    assertThat(unconfirmed.round(Map.of(NODE, "boot-1"))).isEmpty();
    assertThat(unconfirmed.round(Map.of(NODE, "boot-1"))).isEmpty();
    assertThat(unconfirmed.round(Map.of(NODE, "boot-1"))).containsExactly(NODE);
  }

  @Test
  void aNewBootBeginsAnew() {
    assertThat(unconfirmed.round(Map.of(NODE, "boot-1"))).isEmpty();
    assertThat(unconfirmed.round(Map.of(NODE, "boot-1"))).isEmpty();
    assertThat(unconfirmed.round(Map.of(NODE, "boot-2"))).isEmpty();
  }
}
