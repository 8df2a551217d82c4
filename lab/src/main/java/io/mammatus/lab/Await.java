package io.mammatus.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, never for a time. */
public final class Await {

  private static final Duration STEP = Duration.ofMillis(200);

  private Await() {}

  /** Something that may be there yet. */
  public interface Probe<T> {
    Optional<T> look() throws IOException;
  }

  /**
   * Looks until there is something.
   *
   * @param what the condition in words, for the message
   * @throws IOException if there is nothing after the limit
   */
  public static <T> T value(String what, Duration limit, Probe<T> probe) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> found = probe.look();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > end) {
        throw new IOException("after " + limit.toSeconds() + " s still not: " + what);
      }
      if (Thread.interrupted()) {
        throw new IOException("interrupted while waiting for: " + what);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }

  /** A condition that may fail to be asked. */
  public interface Condition {
    boolean holds() throws IOException;
  }

  /** Looks until the condition holds. */
  public static void until(String what, Duration limit, Condition condition) throws IOException {
    value(what, limit, () -> condition.holds() ? Optional.of(true) : Optional.empty());
  }
}
