package io.mammatus.control.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.control.blobs.BlobSweep.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlobSweepTest {

  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
  private static final String NAMED = "a".repeat(64);
  private static final String UNNAMED = "b".repeat(64);
  private static final String PART = "." + UNNAMED + ".1.part";

  private static List<String> removable(Duration age) {
    Instant touched = NOW.minus(age);
    return BlobSweep.removable(
        List.of(new Found(NAMED, touched), new Found(UNNAMED, touched), new Found(PART, touched)),
        Set.of(NAMED),
        NOW);
  }

  @Test
  void whatWasJustTouchedStays() {
    assertThat(removable(BlobSweep.PART_KEPT)).isEmpty();
  }

  @Test
  void anUploadThatRestsIsDead() {
    assertThat(removable(BlobSweep.PART_KEPT.plusSeconds(1))).containsExactly(PART);
    assertThat(removable(BlobSweep.UNNAMED_KEPT)).containsExactly(PART);
  }

  @Test
  void aFileThatNoImageNamesGoesAfterADay() {
    assertThat(removable(BlobSweep.UNNAMED_KEPT.plusSeconds(1))).containsExactly(UNNAMED, PART);
  }
}
