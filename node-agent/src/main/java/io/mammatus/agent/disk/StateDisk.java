package io.mammatus.agent.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Finds, or claims, the disk that keeps what must survive a power cycle. The work is done by a
 * script of the node image, which refuses every disk that carries anything at all. Blocking: call
 * it from a worker.
 */
public final class StateDisk {

  private static final String SCRIPT = "/usr/lib/mammatus/state-disk";
  private static final long LIMIT_SECONDS = 300;

  /** What became of it. */
  public sealed interface Result {
    /** It is mounted. */
    record Mounted() implements Result {}

    /** There is none. */
    record None(String reason) implements Result {}
  }

  private StateDisk() {}

  /** Mounts the state disk if this machine has one. */
  public static Result open() throws IOException {
    return run("open");
  }

  /** Makes the first disk that is entirely empty the state disk. Idempotent. */
  public static Result claim() throws IOException {
    return run("claim");
  }

  private static Result run(String verb) throws IOException {
    Process process = new ProcessBuilder(List.of(SCRIPT, verb)).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Result.None("state-disk " + verb + " took longer than " + LIMIT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in state-disk " + verb, e);
    }
    return process.exitValue() == 0 ? new Result.Mounted() : new Result.None(output);
  }
}
