package io.mammatus.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs. Everything here blocks. */
public final class Shell {

  private static final long LIMIT_SECONDS = 60;

  private Shell() {}

  /** How a program ended, and what it printed on both streams. */
  public record Result(int status, String output) {
    public boolean ok() {
      return status == 0;
    }
  }

  /**
   * Runs a program to its end.
   *
   * @throws IOException with its output if it fails
   */
  public static String run(String... command) throws IOException {
    Result result = attempt(LIMIT_SECONDS, command);
    if (!result.ok()) {
      throw new IOException(String.join(" ", command) + " failed: " + result.output().strip());
    }
    return result.output();
  }

  /** Runs a program to its end, whatever that is; after the limit it is ended. */
  public static Result attempt(long limitSeconds, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    Thread watchdog =
        Thread.ofVirtual()
            .start(() -> {
              try {
                if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int status = process.waitFor();
      watchdog.interrupt();
      return new Result(status, output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IOException("interrupted in " + command[0], e);
    }
  }

  /** Starts a program that goes on; its output is appended to a file. */
  public static Process start(Path log, List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
