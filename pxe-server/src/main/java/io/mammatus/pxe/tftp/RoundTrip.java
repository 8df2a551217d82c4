package io.mammatus.pxe.tftp;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a packet takes to the client and its answer back, and so how long one waits before
 * sending again: RFC 6298's way, with bounds of our own. Times are in nanoseconds. For one thread.
 */
final class RoundTrip {

  /** While nothing is known (RFC 6298, section 2.1). */
  static final long FIRST_WAIT = Duration.ofSeconds(1).toNanos();

  /** A ROM that writes what it got to somewhere slow is not lost: nothing is sent for nothing. */
  static final long SHORTEST_WAIT = Duration.ofMillis(300).toNanos();

  static final long LONGEST_WAIT = Duration.ofSeconds(8).toNanos();

  /** Half a minute while nothing is known: 1, 2, 4, 8, 8 and 8 seconds. */
  static final int MAX_ATTEMPTS = 6;

  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

  private static final long CERTAINLY_EARLY = Duration.ofMillis(10).toNanos();
  private static final long DOUBT = Duration.ofMillis(50).toNanos();

  private long smoothed;
  private long variation;

  /** A packet that was sent once only was answered (Karn's rule is the caller's). */
  void measured(long took) {
    if (smoothed == 0) {
      smoothed = Math.max(1, took);
      variation = took / 2;
    } else {
      variation += (Math.abs(took - smoothed) - variation) / 4;
      smoothed += (took - smoothed) / 8;
    }
  }

  /**
   * Whether an answer came sooner than one to what was sent last can: it is one to what was sent
   * before. On a short path there is no telling, and so much is certain to be early.
   */
  boolean isEarly(long took) {
    return took < Math.max(CERTAINLY_EARLY, smoothed / 4 * 3);
  }

  /** How long to wait for an answer when one that may be early says that something was lost. */
  long ofDoubt() {
    return Math.max(DOUBT, 2 * smoothed);
  }

  /** The mean of late; 0 while nothing was measured. */
  long smoothed() {
    return smoothed;
  }

  /**
   * How long to wait for an answer.
   *
   * @param attempts times that one waited in vain since something came: the wait doubles with each
   * @param asked the client's own choice (RFC 2349), which is where it begins
   */
  long toWait(int attempts, Optional<Duration> asked) {
    long first = asked.isPresent() ? asked.get().toNanos() : estimate();
    return Math.min(Math.max(LONGEST_WAIT, first), first << attempts);
  }

  private long estimate() {
    return smoothed == 0 ? FIRST_WAIT : Math.max(SHORTEST_WAIT, smoothed + 4 * variation);
  }

  /**
   * How often to wait in vain: for half a minute in all, or less with a client that is known to be
   * quick. One that wants more than half of that between two packets gets two.
   */
  int attempts(Optional<Duration> asked) {
    if (asked.isEmpty()) {
      return MAX_ATTEMPTS;
    }
    int attempts = 0;
    for (long waited = 0; waited < PATIENCE; attempts++) {
      waited += toWait(attempts, asked);
    }
    return Math.max(2, attempts);
  }
}
