package io.mammatus.cli;

/** Ends a command with a sentence for the person who gave it. */
public final class CommandFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private final int exitCode;

  CommandFailed(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
