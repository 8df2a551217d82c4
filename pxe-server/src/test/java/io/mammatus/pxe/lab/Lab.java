package io.mammatus.pxe.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * Two namespaces: in one the server on the bridge br0 (10.88.0.1/24), in the other a client's card
 * eth0, its cable in the bridge. Closing takes both away, and all that runs in them.
 */
final class Lab implements AutoCloseable {

  final Path folder;
  private final String serverSide = "pxe-s" + ProcessHandle.current().pid();
  private final String clientSide = "pxe-c" + ProcessHandle.current().pid();
  private final List<String> trace = new CopyOnWriteArrayList<>();
  private final List<Long> heard = new CopyOnWriteArrayList<>();
  private final Process server;

  /** What a command said, standard error included, and how it ended. */
  record Result(int status, String output) {}

  /**
   * @param folder with {@code loaders} and {@code images} in it; for scratch files, too
   */
  Lab(Path folder) throws IOException {
    this(folder, List.of());
  }

  /**
   * @param serverOptions properties of the server's JVM, see {@link ServerMain}
   */
  Lab(Path folder, List<String> serverOptions) throws IOException {
    this.folder = folder;
    ip("netns", "add", serverSide);
    ip("netns", "add", clientSide);
    ip("-n", serverSide, "link", "set", "lo", "up");
    makeBridge();
    ip(
        "link",
        "add",
        "cable",
        "netns",
        serverSide,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        clientSide);
    ip("-n", clientSide, "link", "set", "eth0", "up");
    plug("cable");
    server = startServer(serverOptions);
    awaitTrace(Duration.ofSeconds(30), "READY"::equals);
  }

  private Process startServer(List<String> options) throws IOException {
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
    Process process =
        new ProcessBuilder(inside(serverSide, command.toArray(new String[0])))
            .redirectErrorStream(true)
            .start();
    Thread.ofVirtual().start(() -> follow(process));
    return process;
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private void follow(Process process) {
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

  void makeBridge() {
    ip("-n", serverSide, "link", "add", "br0", "type", "bridge");
    ip("-n", serverSide, "addr", "add", "10.88.0.1/24", "dev", "br0");
    ip("-n", serverSide, "link", "set", "br0", "up");
  }

  void deleteBridge() {
    ip("-n", serverSide, "link", "del", "br0");
  }

  /** Puts an interface of the server's side into the bridge. */
  void plug(String interfaceName) {
    ip("-n", serverSide, "link", "set", interfaceName, "master", "br0", "up");
  }

  void makeTap(String name) {
    ip("-n", serverSide, "tuntap", "add", name, "mode", "tap");
    plug(name);
  }

  /** Gives the client's card another MAC and no address. */
  void newCard(String mac) {
    ip("-n", clientSide, "addr", "flush", "dev", "eth0");
    ip("-n", clientSide, "link", "set", "eth0", "address", mac);
  }

  void address(String address) {
    ip("-n", clientSide, "addr", "replace", address + "/24", "dev", "eth0");
  }

  /** Runs a command on the client's side. */
  Result client(Duration limit, String... command) {
    return run(limit, inside(clientSide, command));
  }

  /** Runs a command on the server's side. */
  Result server(Duration limit, String... command) {
    return run(limit, inside(serverSide, command));
  }

  /** Starts a command on the server's side and leaves it running. */
  Process start(String... command) throws IOException {
    return new ProcessBuilder(inside(serverSide, command))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** All lines of the server's trace so far. */
  List<String> trace() {
    return List.copyOf(trace);
  }

  /** Waits for a line of the server's trace. */
  String awaitTrace(Duration limit, Predicate<String> wanted) {
    Awaitility.await()
        .atMost(limit)
        .until(() -> trace.stream().anyMatch(wanted) || !server.isAlive());
    return trace.stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(() -> new AssertionError("the server ended: " + trace));
  }

  private static String[] inside(String namespace, String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(Arrays.asList(command));
    return all.toArray(new String[0]);
  }

  private void ip(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "ip";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Result result = run(Duration.ofSeconds(10), command);
    if (result.status != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + result.output);
    }
  }

  private Result run(Duration limit, String... command) {
    try {
      Path output = Files.createTempFile(folder, "output", ".txt");
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        return new Result(-1, Files.readString(output) + " (took longer than " + limit + ")");
      }
      return new Result(process.exitValue(), Files.readString(output));
    } catch (IOException e) {
      throw new AssertionError(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Ends what runs in the namespaces, by its process id, and deletes them. */
  @Override
  public void close() {
    server.destroyForcibly();
    for (String namespace : List.of(serverSide, clientSide)) {
      for (String pid :
          run(Duration.ofSeconds(5), "ip", "netns", "pids", namespace).output.split("\\s+")) {
        if (!pid.isEmpty()) {
          ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
      ip("netns", "del", namespace);
    }
  }
}
