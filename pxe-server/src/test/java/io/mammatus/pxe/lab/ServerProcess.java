package io.mammatus.pxe.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** {@link ServerMain} in a process of its own, on the interface {@code br0} of a namespace. */
final class ServerProcess implements AutoCloseable {

  private final List<String> trace = new CopyOnWriteArrayList<>();
  private final List<Long> heard = new CopyOnWriteArrayList<>();
  private final Process process;

  /**
   * @param folder with {@code loaders} and {@code images} in it
   * @param options properties of its JVM, see {@link ServerMain}
   */
  ServerProcess(Namespace where, Path folder, List<String> options) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(java(), "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ServerMain.class.getName(),
            "br0",
            folder.resolve("loaders").toString(),
            folder.resolve("images").toString()));
    process = where.command(command.toArray(String[]::new)).start();
    Thread.ofVirtual().start(this::follow);
    awaitTrace(Duration.ofSeconds(30), "READY"::equals);
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private void follow() {
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().forEach(this::hear);
    } catch (IOException | java.io.UncheckedIOException e) {
      trace.add("output ended: " + e.getMessage());
    }
  }

  private void hear(String line) {
    heard.add(System.nanoTime());
    trace.add(line);
  }

  /** All lines of its trace so far. */
  List<String> trace() {
    return List.copyOf(trace);
  }

  /** Waits for a line of its trace. */
  String awaitTrace(Duration limit, Predicate<String> wanted) {
    Awaitility.await()
        .atMost(limit)
        .until(() -> trace.stream().anyMatch(wanted) || !process.isAlive());
    return trace.stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(() -> new AssertionError("the server ended: " + trace));
  }

  /** How long after the last line before it that was wanted a line came. */
  Duration between(Predicate<String> before, Predicate<String> line) {
    long last = Long.MIN_VALUE;
    List<String> lines = trace();
    for (int i = 0; i < lines.size(); i++) {
      if (line.test(lines.get(i)) && last != Long.MIN_VALUE) {
        return Duration.ofNanos(heard.get(i) - last);
      }
      if (before.test(lines.get(i))) {
        last = heard.get(i);
      }
    }
    throw new AssertionError("not in the trace: " + lines);
  }

  /** SIGKILL: nothing is given up in order. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
