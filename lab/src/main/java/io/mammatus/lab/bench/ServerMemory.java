package io.mammatus.lab.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** How much memory a process has, looked at several times a second (proc(5), VmRSS). */
final class ServerMemory implements AutoCloseable {

  private static final Duration STEP = Duration.ofMillis(100);

  private final Path status;
  private final Thread watcher;
  private volatile long peak;
  private volatile boolean over;

  ServerMemory(ProcessHandle process) throws IOException {
    this.status = Path.of("/proc", Long.toString(process.pid()), "status");
    this.peak = now();
    this.watcher = Thread.ofPlatform().daemon().start(this::watch);
  }

  /** In MiB. */
  long now() throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
      }
    }
    throw new IOException("the server is gone");
  }

  /** The most since this was begun, in MiB. */
  long peak() {
    return peak;
  }

  private void watch() {
    try {
      while (!over) {
        peak = Math.max(peak, now());
        Thread.sleep(STEP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException("the server's memory cannot be looked at", e);
    }
  }

  @Override
  public void close() {
    over = true;
    watcher.interrupt();
  }
}
