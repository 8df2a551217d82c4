package io.mammatus.agent.lxd;

/** LXD refused something; the message is LXD's own. */
final class LxdException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  LxdException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** As in HTTP: 404 not there, 409 there already. */
  int code() {
    return code;
  }
}
