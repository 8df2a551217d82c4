package io.mammatus.pxe.dns;

import java.util.Arrays;

/**
 * So many answers a second to each source prefix, with room for a burst: what somebody gets who
 * asks in another's name (response-rate limiting). A token bucket a prefix, kept as the time at
 * which it would be full again (the generic cell rate algorithm), in a table of fixed size: two
 * prefixes may share a bucket, and the seed keeps it from being chosen who with whom.
 *
 * <p>For one thread; times are the caller's, in nanoseconds as {@link System#nanoTime} has them.
 */
final class RateLimiter {

  private static final int SLOTS = 1 << 14;

  private final long[] fullAgain = new long[SLOTS];
  private final long interval;
  private final long burst;
  private final int seed;
  private int limited;

  /** What becomes of an answer. */
  enum Verdict {
    SEND,
    /** Say only "come by TCP": whoever did ask does, and a victim gets no more than was sent. */
    SLIP,
    DROP
  }

  RateLimiter(int perSecond, int burst, int seed, long now) {
    this.interval = 1_000_000_000L / perSecond;
    this.burst = burst * interval;
    this.seed = seed;
    Arrays.fill(fullAgain, now);
  }

  /**
   * @param prefix the source address, without the bits that do not count
   */
  Verdict admit(int prefix, long now) {
    int slot = slot(prefix);
    long full = fullAgain[slot] - now > 0 ? fullAgain[slot] + interval : now + interval;
    if (full - now <= burst) {
      fullAgain[slot] = full;
      return Verdict.SEND;
    }
    return (++limited & 1) == 0 ? Verdict.SLIP : Verdict.DROP;
  }

  private int slot(int prefix) {
    int mixed = (prefix ^ seed) * 0x9e3779b1;
    mixed = (mixed ^ mixed >>> 15) * 0x85ebca6b;
    return (mixed ^ mixed >>> 13) & SLOTS - 1;
  }
}
