package io.mammatus.platform.logging;

import java.io.IOException;
import java.io.InputStream;
import java.util.logging.LogManager;

/** Sets java.util.logging up, which everything here ends in. */
public final class Logging {

  private static final String RESOURCE = "logging.properties";

  private Logging() {}

  /** Call it first of all. An operator's own {@code java.util.logging.config.file} comes before. */
  public static void start() {
    if (System.getProperty("java.util.logging.config.file") != null) {
      return;
    }
    try (InputStream in = Logging.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      LogManager.getLogManager().readConfiguration(in);
    } catch (IOException e) {
      System.err.println("mammatus: the logging stays as Java has it: " + e);
    }
  }
}
