package io.mammatus.pxe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

  private static final long START = Long.MAX_VALUE - 500_000_000L; // nanoTime wraps
  private static final int SEED = 99;

  @Test
  void aBurstGoesOutAndThenSoManyASecond() {
    RateLimiter limiter = new RateLimiter(20, 50, SEED, START);
    Map<RateLimiter.Verdict, Integer> first = ask(limiter, 1, 1000, START, 0);
    assertThat(first.get(RateLimiter.Verdict.SEND)).isEqualTo(50);
    assertThat(first.get(RateLimiter.Verdict.SLIP)).isEqualTo(475);
    assertThat(first.get(RateLimiter.Verdict.DROP)).isEqualTo(475);
    // a thousand a second for ten seconds
    Map<RateLimiter.Verdict, Integer> later = ask(limiter, 1, 10_000, START, 1_000_000);
    assertThat(later.get(RateLimiter.Verdict.SEND)).isBetween(199, 201);
  }

  @Test
  void otherPrefixesAreNotHeldBack() {
    RateLimiter limiter = new RateLimiter(20, 50, SEED, START);
    ask(limiter, 0x0a000000, 1000, START, 0);
    assertThat(limiter.admit(0x0b000000, START)).isEqualTo(RateLimiter.Verdict.SEND);
  }

  @Test
  void whoWasQuietHasABurstAgain() {
    RateLimiter limiter = new RateLimiter(20, 50, SEED, START);
    ask(limiter, 1, 1000, START, 0);
    long later = START + Duration.ofMillis(2500).toNanos();
    assertThat(ask(limiter, 1, 100, later, 0).get(RateLimiter.Verdict.SEND)).isEqualTo(50);
  }

  @Test
  void neighboursSeldomShareABucket() {
    RateLimiter limiter = new RateLimiter(1, 1, SEED, START);
    long sent =
        IntStream.range(0, 200)
            .filter(i -> limiter.admit(i << 8, START) == RateLimiter.Verdict.SEND)
            .count();
    assertThat(sent).isGreaterThan(190);
  }

  private static Map<RateLimiter.Verdict, Integer> ask(
      RateLimiter limiter, int prefix, int times, long start, long step) {
    Map<RateLimiter.Verdict, Integer> verdicts = new EnumMap<>(RateLimiter.Verdict.class);
    for (int i = 0; i < times; i++) {
      verdicts.merge(limiter.admit(prefix, start + i * step), 1, Integer::sum);
    }
    return verdicts;
  }
}
