package io.mammatus.launcher.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Two namespaces: in one the services with the bridge br0, in the other a machine's card eth0, its
 * cable in the bridge. The services run as an ordinary user with the capabilities that their
 * systemd units give them. Closing leaves nothing.
 */
final class Ground implements AutoCloseable {

  static final String MAC = "52:54:00:93:00:01";
  private static final String USER = "65534"; // nobody

  final Path folder;
  private final long pid = ProcessHandle.current().pid();
  private final long number = pid % 200;
  private final String services = "svc-c" + pid;
  private final String machine = "svc-m" + pid;
  private final String cable = "svc-o" + pid % 100_000;
  private final String classPath;

  Ground() throws IOException {
    folder = Files.createDirectories(Path.of("/var/lib/mammatus-lab/svc-" + pid));
    classPath = install();
    run("chown", USER + ":" + USER, folder.toString());
    run("ip", "netns", "add", services);
    run("ip", "netns", "add", machine);
    inServices("ip", "link", "set", "lo", "up");
    inServices("ip", "link", "add", "br0", "type", "bridge");
    inServices("ip", "address", "add", server() + "/24", "dev", "br0");
    inServices("ip", "address", "add", secondServer() + "/24", "dev", "br0");
    inServices("ip", "link", "set", "br0", "up");
    inServices("ip", "link", "add", "port", "type", "veth", "peer", "eth0", "netns", machine);
    inServices("ip", "link", "set", "port", "master", "br0", "up");
    inMachine("ip", "link", "set", "eth0", "address", MAC, "up");
    run("ip", "link", "add", cable, "type", "veth", "peer", "name", "out0", "netns", services);
    run("ip", "address", "add", "10.92." + number + ".1/30", "dev", cable);
    run("ip", "link", "set", cable, "up");
    inServices("ip", "address", "add", "10.92." + number + ".2/30", "dev", "out0");
    inServices("ip", "link", "set", "out0", "up");
    run("ip", "route", "add", network(), "via", "10.92." + number + ".2", "dev", cable);
  }

  /** The class path as a folder that an ordinary user can read. */
  private String install() throws IOException {
    Path lib = Files.createDirectory(folder.resolve("lib"));
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":")) {
      Path copy =
          lib.resolve(Integer.toString(entries.size()) + "-" + Path.of(entry).getFileName());
      run("cp", "-r", "--reflink=auto", entry, copy.toString());
      entries.add(copy.toString());
    }
    run("chmod", "-R", "a+rX", folder.toString());
    return String.join(":", entries);
  }

  String network() {
    return "10.93." + number + ".0/24";
  }

  /** An address of the network. */
  String host(int last) {
    return "10.93." + number + "." + last;
  }

  String server() {
    return host(1);
  }

  String secondServer() {
    return host(2);
  }

  /** The control plane's part of a configuration file, where this is its address. */
  String controlPlaneAt(String address) {
    return """
    controlPlane:
      identity: %1$s/identity
      blobs: %1$s/blobs
      api: %2$s:8443
      agents: %2$s:8444
      names: [%2$s]
      networks:
        - name: rack
          cidr: %3$s
          interfaceName: br0
          server: %4$s
          machines: %5$s-%6$s
          instances: %7$s-%8$s
    """
        .formatted(folder, address, network(), server(), host(10), host(99), host(100), host(199));
  }

  /** A configuration file. */
  Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** A process of the program among the services, as an ordinary user with these capabilities. */
  ServiceProcess service(String name, String capabilities, String mainClass, List<String> words) {
    String caps = capabilities.isEmpty() ? "-all" : "-all," + capabilities;
    List<String> before =
        inside(
            services,
            "setpriv",
            "--reuid=" + USER,
            "--regid=" + USER,
            "--clear-groups",
            "--no-new-privs",
            "--inh-caps=" + caps,
            "--ambient-caps=" + caps,
            "--bounding-set=" + caps);
    return new ServiceProcess(name, folder, before, java(mainClass, words));
  }

  /** The agent on the machine, as root. */
  ServiceProcess agent(List<String> words) {
    return new ServiceProcess(
        "node-agent",
        folder,
        inside(machine),
        java(io.mammatus.launcher.Main.class.getName(), words));
  }

  private List<String> java(String mainClass, List<String> words) {
    List<String> all = new ArrayList<>(List.of("-cp", classPath, mainClass));
    all.addAll(words);
    return all;
  }

  /** Starts a program on the machine and leaves it running. */
  Process startOnMachine(Path log, String... command) throws IOException {
    return new ProcessBuilder(inside(machine, command))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  String inMachine(String... command) throws IOException {
    return run(inside(machine, command).toArray(String[]::new));
  }

  private String inServices(String... command) throws IOException {
    return run(inside(services, command).toArray(String[]::new));
  }

  private static List<String> inside(String namespace, String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(Arrays.asList(command));
    return all;
  }

  static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    for (String namespace : List.of(machine, services)) {
      List<ProcessHandle> left =
          Stream.of(run("ip", "netns", "pids", namespace).split("\\s+"))
              .filter(word -> !word.isEmpty())
              .flatMap(word -> ProcessHandle.of(Long.parseLong(word)).stream())
              .toList();
      left.forEach(ProcessHandle::destroyForcibly);
      left.forEach(process -> process.onExit().orTimeout(10, TimeUnit.SECONDS).join());
      run("ip", "netns", "delete", namespace);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(path -> {
            try {
              Files.deleteIfExists(path);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
