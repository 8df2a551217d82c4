package io.mammatus.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.control.api.StoryPlace.Source;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoryPlaceTest {

  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.123456Z");
  private static final StoryPlace OF_LOG = new StoryPlace(AT, Source.LOG, 7);
  private static final StoryPlace OF_TRACE = new StoryPlace(AT, Source.TRACE, 3);

  @Test
  void comesBackAsItWent() {
    assertThat(StoryPlace.parse(OF_LOG.cursor())).isEqualTo(OF_LOG);
    assertThat(StoryPlace.parse(OF_TRACE.cursor())).isEqualTo(OF_TRACE);
  }

  @Test
  void atOneInstantTheLogIsToldBeforeTheTrace() {
    assertThat(OF_LOG).isLessThan(OF_TRACE);
    assertThat(OF_LOG.after(Source.LOG)).isEqualTo(7);
    assertThat(OF_LOG.after(Source.TRACE)).isEqualTo(-1);
    assertThat(OF_TRACE.after(Source.LOG)).isEqualTo(Long.MAX_VALUE);
    assertThat(OF_TRACE.after(Source.TRACE)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1.LOG", "-1.LOG.1", "1.log.1", "1.LOG.-1", "9999999999999999999.LOG.1"})
  void whatItDidNotWriteIsRefused(String text) {
    String cursor = Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> StoryPlace.parse(cursor)).isInstanceOf(IllegalArgumentException.class);
  }
}
