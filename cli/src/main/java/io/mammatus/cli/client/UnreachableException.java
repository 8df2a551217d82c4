package io.mammatus.cli.client;

import java.net.URI;

/** The cloud does not answer, or is not the one that was expected. */
public final class UnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreachableException(URI address, String why, Throwable cause) {
    super("%s cannot be reached: %s".formatted(address, why), cause);
  }
}
