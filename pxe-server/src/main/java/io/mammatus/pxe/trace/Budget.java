package io.mammatus.pxe.trace;

/**
 * So many at once, and so many more each second: what comes beyond it is left out. Times are the
 * caller's, in nanoseconds as {@link System#nanoTime} has them.
 */
public final class Budget {

  private static final double NANOS = 1e9;

  private final double perSecond;
  private final double burst;
  private double left;
  private long last;
  private boolean begun;

  public Budget(double perSecond, double burst) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.left = burst;
  }

  /** Whether there is one more. */
  public synchronized boolean take(long now) {
    if (begun) {
      left = Math.min(burst, left + (now - last) / NANOS * perSecond);
    }
    begun = true;
    last = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
