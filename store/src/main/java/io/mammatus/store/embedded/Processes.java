package io.mammatus.store.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs short commands. Blocks; never on an event loop. */
final class Processes {

  private Processes() {}

  /**
   * @param output standard output and error together
   */
  record Result(int exit, String output) {
    boolean failed() {
      return exit != 0;
    }
  }

  static Result run(List<String> command, Path folder, Duration limit) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
      // The server inherits this: nothing of ours (PGOPTIONS, LD_PRELOAD, secrets) reaches it.
      builder.environment().clear();
      builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
      builder.environment().put("LC_ALL", "C");
      Process process = builder.start();
      process.getOutputStream().close();
      CompletableFuture<String> output =
          CompletableFuture.supplyAsync(() -> read(process), Thread::startVirtualThread);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new EmbeddedException(command.getLast() + " took longer than " + limit);
      }
      return new Result(process.exitValue(), output.join().strip());
    } catch (IOException e) {
      throw new EmbeddedException("cannot run " + command.getFirst(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedException("interrupted while running " + command.getFirst(), e);
    }
  }

  private static String read(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
