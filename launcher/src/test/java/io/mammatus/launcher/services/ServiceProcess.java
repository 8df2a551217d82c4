package io.mammatus.launcher.services;

import io.mammatus.launcher.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One process of the program, which can be killed and started again. Its output is kept. */
final class ServiceProcess implements AutoCloseable {

  static final Duration LIMIT = Duration.ofSeconds(60);

  private final String name;
  private final Path log;
  private final List<String> command;
  private @Nullable Process process;
  private long logStart;

  /** The program with the class path of this JVM. */
  static ServiceProcess ofProgram(
      String name, Path folder, List<String> options, List<String> words) {
    List<String> java = new ArrayList<>(options);
    java.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    java.addAll(words);
    return new ServiceProcess(name, folder, List.of(), java);
  }

  /**
   * @param before what goes before java: a namespace, another user
   * @param words of java: class path, main class, arguments
   */
  ServiceProcess(String name, Path folder, List<String> before, List<String> words) {
    this.name = name;
    this.log = folder.resolve(name + ".log");
    this.command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Xmx192m"));
    command.addAll(words);
  }

  /** Starts it, without waiting. */
  ServiceProcess start() throws IOException {
    logStart = Files.exists(log) ? Files.size(log) : 0;
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return this;
  }

  /** Waits until it has said this since it was started last. */
  ServiceProcess awaitSaid(String words) {
    Awaitility.await(name + " says " + words)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> said().contains(words) || !running().isAlive());
    if (!said().contains(words)) {
      throw new AssertionError(name + " ended: " + said());
    }
    return this;
  }

  ServiceProcess startAndServe() throws IOException {
    return start().awaitSaid("mammatus: ready");
  }

  private Process running() {
    Process now = process;
    if (now == null) {
      throw new AssertionError(name + " was not started");
    }
    return now;
  }

  boolean isAlive() {
    Process now = process;
    return now != null && now.isAlive();
  }

  /** What it said since it was started last. */
  String said() {
    String all = saidEver();
    return all.substring((int) Math.min(logStart, all.length()));
  }

  String saidEver() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    running().destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM. */
  void end() throws InterruptedException {
    running().destroy();
    awaitEnd();
  }

  /** Its exit status, when it has ended by itself. */
  int awaitEnd() throws InterruptedException {
    if (!running().waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(name + " still runs: " + said());
    }
    return running().exitValue();
  }

  @Override
  public void close() {
    Process now = process;
    if (now != null) {
      now.destroyForcibly();
    }
  }
}
