package io.mammatus.agent.link;

import io.mammatus.platform.bus.Reply;

/** The control plane answered, and the answer was no. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final boolean passing;

  public RefusedException(Reply.Failed failed) {
    super(failed.message());
    this.code = failed.code();
    this.passing = failed.actor().equals(Reply.NOBODY);
  }

  public String code() {
    return code;
  }

  /** Whether it was no decision: the connection ended, or there was too much to do. */
  public boolean isPassing() {
    return passing;
  }
}
