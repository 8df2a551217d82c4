package io.mammatus.platform.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A place where a crash matters. It does nothing, unless the process was started with {@code
 * -Dmammatus.crash=FILE}: then the first process to come to the place that FILE names removes FILE
 * and ends there, as by SIGKILL. For tests only; without the property no file is looked at.
 */
public enum CrashPoint {
  /** The log's writer has decided, and has not begun to write. */
  BEFORE_APPEND,
  /** Everything is written, and not committed. */
  BEFORE_COMMIT,
  /** It is committed, and nobody was told. */
  AFTER_APPEND,
  /** A key was accepted, and has no certificate. */
  BEFORE_CERTIFICATE,
  /** A certificate was signed, and the log does not know. */
  BEFORE_CERTIFICATE_RECORD,
  /** The log knows of a certificate, and the node does not have it. */
  BEFORE_CERTIFICATE_REPLY;

  /** Not 137: so that a test can tell it from a real SIGKILL. */
  public static final int STATUS = 86;

  private static final @Nullable String FILE = System.getProperty("mammatus.crash");

  /** Ends the process if a test wants it to end here. */
  public void pass() {
    if (FILE != null) {
      pass(Path.of(FILE));
    }
  }

  private void pass(Path file) {
    try {
      if (Files.readString(file).strip().equals(name())) {
        Files.delete(file);
        Runtime.getRuntime().halt(STATUS);
      }
    } catch (NoSuchFileException e) {
      // not wanted now
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
