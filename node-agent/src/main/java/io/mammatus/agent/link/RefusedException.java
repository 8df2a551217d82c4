package io.mammatus.agent.link;

import io.mammatus.platform.bus.Reply;

/** The control plane answered, and the answer was no. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  public RefusedException(Reply.Failed failed) {
    super(failed.message());
    this.code = failed.code();
  }

  public String code() {
    return code;
  }
}
