package io.mammatus.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A running server on a data folder, as its {@code postmaster.pid} tells (PostgreSQL's
 * src/include/utils/pidfile.h: pid, data folder, start time, port, socket folder, listen address,
 * shared memory key, status).
 */
record Postmaster(ProcessHandle process, String status) {

  /** The pid file is written a moment after the process began. */
  private static final Duration START_TIME_SLACK = Duration.ofSeconds(60);

  /** Whether it takes connections. */
  boolean isReady() {
    return status.equals("ready");
  }

  /** The server that runs on {@code data} now; absent too when the pid file is a dead one's. */
  static Optional<Postmaster> on(Path data) {
    try {
      List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
      if (lines.size() < 3 || !Path.of(lines.get(1)).equals(data)) {
        return Optional.empty();
      }
      Instant started = Instant.ofEpochSecond(Long.parseLong(lines.get(2).strip()));
      return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
          .filter(ProcessHandle::isAlive)
          .filter(process -> isOf(process, data) && beganAt(process, started))
          .map(process -> new Postmaster(process, lines.size() > 7 ? lines.get(7).strip() : ""));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | NumberFormatException e) {
      throw new EmbeddedException("cannot read postmaster.pid in " + data, e);
    }
  }

  private static boolean beganAt(ProcessHandle process, Instant started) {
    return process
        .info()
        .startInstant()
        .map(began -> Duration.between(began, started).abs().compareTo(START_TIME_SLACK) < 0)
        .orElse(false);
  }

  /** Every process of a server has the data folder as its working directory. */
  static boolean isOf(ProcessHandle process, Path data) {
    return link(process, "cwd").map(data::equals).orElse(false)
        && link(process, "exe").filter(Postmaster::isServer).isPresent();
  }

  /** Also when its programs were removed meanwhile, which the kernel appends to the name. */
  private static boolean isServer(Path exe) {
    Path name = exe.getFileName();
    return name != null && name.toString().startsWith("postgres");
  }

  /** The program that a process runs; absent if it is gone or somebody else's. */
  static Optional<Path> link(ProcessHandle process, String name) {
    try {
      return Optional.of(
          Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), name)));
    } catch (IOException | SecurityException e) {
      return Optional.empty();
    }
  }

  /**
   * Ends what a dead postmaster left: backends that are busy do not notice its death, and their
   * shared memory keeps a new server from starting. To the data this is a crash like the one
   * before.
   */
  static void endOrphans(Path data) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      all.filter(process -> isOf(process, data)).forEach(ProcessHandle::destroyForcibly);
    }
  }
}
