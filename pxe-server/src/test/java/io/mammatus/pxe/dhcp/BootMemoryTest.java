package io.mammatus.pxe.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Mac;
import io.mammatus.pxe.dhcp.BootMemory.Recent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BootMemoryTest {

  private static final Mac A = Mac.parse("52:54:00:00:00:01");
  private static final Mac B = Mac.parse("52:54:00:00:00:02");

  private final BootMemory memory = new BootMemory();

  @Test
  void chainsAreForgottenAfterAWhile() {
    memory.acknowledged(A, 1, "chain-loader", 0);
    memory.acknowledged(A, 2, "chain-loader", 1);
    assertThat(memory.recent(A, 3, 2)).isEqualTo(new Recent(2, 0));
    assertThat(memory.recent(B, 3, 2)).isEqualTo(Recent.NOTHING);
    assertThat(memory.recent(A, 3, minutes(3))).isEqualTo(Recent.NOTHING);
  }

  @Test
  void aLoaderThatDidNotStartIsRememberedUntilAnIpxeIsHeard() {
    memory.acknowledged(A, 1, "loader", 0);
    assertThat(memory.recent(A, 2, minutes(30))).isEqualTo(new Recent(0, 1));
    memory.acknowledged(A, 2, "signed-loader", minutes(30));
    assertThat(memory.recent(A, 3, minutes(60)).unstarted()).isEqualTo(1);
    memory.acknowledged(A, 3, "script", minutes(60));
    assertThat(memory.recent(A, 4, minutes(61))).isEqualTo(Recent.NOTHING);
  }

  @Test
  void nothingIsRememberedForMoreThanADay() {
    memory.acknowledged(A, 1, "http-loader", 0);
    assertThat(memory.recent(A, 2, minutes(24 * 60 + 1))).isEqualTo(Recent.NOTHING);
  }

  /** The first acknowledgement was lost: the second has to say the same. */
  @Test
  void aRepeatedRequestIsDecidedAsItWasAndCountsOnce() {
    memory.acknowledged(A, 1, "loader", 0);
    assertThat(memory.recent(A, 1, 1)).isEqualTo(Recent.NOTHING);
    memory.acknowledged(A, 1, "loader", 1);
    assertThat(memory.recent(A, 2, 2)).isEqualTo(new Recent(0, 1));
    assertThat(memory.recent(A, 1, minutes(5))).isEqualTo(new Recent(0, 1));
  }

  @Test
  void theOldestIsForgottenFirst() {
    for (int i = 0; i < 5000; i++) {
      memory.acknowledged(new Mac(i), 1, "loader", i);
    }
    assertThat(memory.recent(new Mac(0), 2, 5000)).isEqualTo(Recent.NOTHING);
    assertThat(memory.recent(new Mac(4999), 2, 5000)).isEqualTo(new Recent(0, 1));
  }

  private static long minutes(int minutes) {
    return Duration.ofMinutes(minutes).toNanos();
  }
}
