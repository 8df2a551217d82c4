package io.mammatus.lab.bench;

import io.mammatus.lab.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Three namespaces: our server's, the peer's, and the client's with a cable to each of them. The
 * servers' interfaces are called {@code net0}; nothing of it touches this machine's own network.
 */
final class BenchNet implements AutoCloseable {

  static final String OURS = "10.98.1.1";
  static final String THEIRS = "10.98.2.1";

  static final int CLIENTS = 200;

  private static final int FIRST_CLIENT = 50;
  private static final int END_SECONDS = 20;

  private final String name;

  /**
   * @param name begins the namespaces' names; six letters at most
   */
  BenchNet(String name) {
    this.name = name;
  }

  String ours() {
    return name + "-ours";
  }

  String theirs() {
    return name + "-theirs";
  }

  String client() {
    return name + "-client";
  }

  /** Makes it all; what an earlier run left behind goes first. */
  void create() throws IOException {
    close();
    for (String namespace : all()) {
      Shell.run("ip", "netns", "add", namespace);
      Shell.run("ip", "-n", namespace, "link", "set", "lo", "up");
    }
    cable(ours(), "to-ours", OURS);
    cable(theirs(), "to-theirs", THEIRS);
  }

  private List<String> all() {
    return List.of(ours(), theirs(), client());
  }

  /** The client has {@link #CLIENTS} addresses, as so many machines have. */
  private void cable(String server, String end, String address) throws IOException {
    Shell.run(
        "ip", "link", "add", "net0", "netns", server, "type", "veth", "peer", "name", end, "netns",
        client());
    Shell.run("ip", "-n", server, "address", "add", address + "/24", "dev", "net0");
    Path batch = Files.createTempFile("addresses", ".batch");
    try {
      for (int i = 0; i < CLIENTS; i++) {
        String line = "address add " + clientAddress(address, i) + "/24 dev " + end + "\n";
        Files.writeString(batch, line, StandardOpenOption.APPEND);
      }
      Shell.run("ip", "-n", client(), "-batch", batch.toString());
    } finally {
      Files.delete(batch);
    }
    Shell.run("ip", "-n", server, "link", "set", "net0", "up");
    Shell.run("ip", "-n", client(), "link", "set", end, "up");
  }

  /** The address of a client on its cable to a server. */
  static String clientAddress(String server, int number) {
    return server.substring(0, server.lastIndexOf('.') + 1) + (FIRST_CLIENT + number % CLIENTS);
  }

  /** A program and its arguments, put into a namespace. */
  static List<String> inside(String namespace, List<String> command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(command);
    return all;
  }

  /** Ends what runs in the namespaces, by its process id, and removes them. */
  @Override
  public void close() throws IOException {
    remove(all());
  }

  /** Ends what runs in namespaces, by its process id, and removes those that are there. */
  static void remove(List<String> namespaces) throws IOException {
    String there = Shell.run("ip", "netns", "list");
    for (String namespace : namespaces) {
      if (there.lines().anyMatch(line -> line.split(" ")[0].equals(namespace))) {
        end(namespace);
        Shell.run("ip", "netns", "delete", namespace);
      }
    }
  }

  private static void end(String namespace) throws IOException {
    List<ProcessHandle> inside =
        Shell.run("ip", "netns", "pids", namespace)
            .lines()
            .map(pid -> ProcessHandle.of(Long.parseLong(pid.strip())))
            .flatMap(Optional::stream)
            .toList();
    inside.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle process : inside) {
      try {
        process.onExit().get(END_SECONDS, java.util.concurrent.TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        throw new IOException("process " + process.pid() + " does not end", e);
      }
    }
  }
}
