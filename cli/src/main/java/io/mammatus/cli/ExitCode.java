package io.mammatus.cli;

import io.mammatus.cli.client.ApiException;

/** What the process ends with; told in {@code --help}. */
final class ExitCode {

  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int NOT_FOUND = 3;
  static final int CONFLICT = 4;
  static final int UNAVAILABLE = 5;

  private ExitCode() {}

  static int of(ApiException e) {
    return switch (e.status()) {
      case 404 -> NOT_FOUND;
      case 409, 412 -> CONFLICT;
      case 429, 503 -> UNAVAILABLE;
      default -> FAILED;
    };
  }
}
