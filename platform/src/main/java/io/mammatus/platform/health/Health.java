package io.mammatus.platform.health;

/**
 * How one part of a process is.
 *
 * @param reason a sentence for an operator; empty when all is well
 */
public record Health(State state, String reason) {

  /** From well to dead; the process is as its worst part. */
  public enum State {
    /** Does its work. */
    READY,
    /** Does its work with something missing; stays in service. */
    DEGRADED,
    /** Cannot do its work now; take it out of service, it will come back by itself. */
    NOT_READY,
    /** Will not come back by itself; restart the process. */
    DEAD
  }

  public static final Health READY = new Health(State.READY, "");

  public static Health degraded(String reason) {
    return new Health(State.DEGRADED, reason);
  }

  public static Health notReady(String reason) {
    return new Health(State.NOT_READY, reason);
  }

  public static Health dead(String reason) {
    return new Health(State.DEAD, reason);
  }
}
