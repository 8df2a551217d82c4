package io.mammatus.pxe.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundTripTest {

  @Test
  void waitsASecondWhileNothingIsKnownAndTwiceAsLongEachTime() {
    RoundTrip roundTrip = new RoundTrip();
    assertThat(wait(roundTrip, 0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(wait(roundTrip, 1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(wait(roundTrip, 3)).isEqualTo(Duration.ofSeconds(8));
    assertThat(wait(roundTrip, 5)).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void aQuickClientIsNotKeptWaitingAndASlowOneNotHurried() {
    RoundTrip quick = new RoundTrip();
    RoundTrip slow = new RoundTrip();
    for (int i = 0; i < 50; i++) {
      quick.measured(Duration.ofNanos(30_000).toNanos());
      slow.measured(Duration.ofMillis(i % 2 == 0 ? 500 : 700).toNanos());
    }
    assertThat(wait(quick, 0)).isEqualTo(Duration.ofMillis(300));
    assertThat(wait(quick, 2)).isEqualTo(Duration.ofMillis(1200));
    assertThat(wait(slow, 0)).isBetween(Duration.ofMillis(800), Duration.ofMillis(1100));
    assertThat(slow.smoothed()).isBetween(500_000_000L, 700_000_000L);
  }

  @Test
  void anAnswerIsEarlyThatCannotHaveCrossedThePathAndBack() {
    RoundTrip far = new RoundTrip();
    far.measured(Duration.ofMillis(260).toNanos());
    assertThat(far.isEarly(Duration.ofMillis(150).toNanos())).isTrue();
    assertThat(far.isEarly(Duration.ofMillis(250).toNanos())).isFalse();
    assertThat(far.ofDoubt()).isEqualTo(Duration.ofMillis(520).toNanos());
    RoundTrip near = new RoundTrip();
    near.measured(Duration.ofNanos(50_000).toNanos());
    assertThat(near.isEarly(Duration.ofMillis(1).toNanos())).isTrue();
    assertThat(near.ofDoubt()).isEqualTo(Duration.ofMillis(50).toNanos());
  }

  /** RFC 2349: "timeout" is the time that the server waits; the first time. */
  @Test
  void theClientsOwnTimeIsWhereItBegins() {
    assertThat(waits(1)).containsExactly(1L, 2L, 4L, 8L, 8L, 8L);
    assertThat(waits(2)).containsExactly(2L, 4L, 8L, 8L, 8L);
    assertThat(waits(5)).containsExactly(5L, 8L, 8L, 8L, 8L);
    assertThat(waits(10)).containsExactly(10L, 10L, 10L);
    assertThat(waits(30)).as("at least two packets").containsExactly(30L, 30L);
  }

  private static List<Long> waits(int seconds) {
    RoundTrip roundTrip = new RoundTrip();
    Optional<Duration> asked = Optional.of(Duration.ofSeconds(seconds));
    return IntStream.range(0, roundTrip.attempts(asked))
        .mapToObj(attempt -> Duration.ofNanos(roundTrip.toWait(attempt, asked)).toSeconds())
        .toList();
  }

  private static Duration wait(RoundTrip roundTrip, int attempts) {
    return Duration.ofNanos(roundTrip.toWait(attempts, Optional.empty()));
  }
}
