package io.mammatus.lab.bench;

import io.mammatus.lab.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A switch (the bridge {@code net0} in the server's namespace) with a crowd of hostile machines on
 * one of its ports, and a few honest ones, each in a namespace of its own with its card {@code
 * eth0}. Nothing of it touches this machine's own network.
 */
final class FloodNet implements AutoCloseable {

  static final String SERVER = "10.98.1.1";
  static final int HOSTILE_ADDRESSES = 60;

  /** An address that is on none of the cloud's networks. */
  static final String STRANGER = "192.0.2.10";

  private final String name;
  private final int clients;

  /**
   * @param name begins the namespaces' names; six letters at most
   */
  FloodNet(String name, int clients) {
    this.name = name;
    this.clients = clients;
  }

  String server() {
    return name + "-server";
  }

  String hostile() {
    return name + "-hostile";
  }

  /** An honest machine's, counted from 1. */
  String client(int number) {
    return name + "-c" + number;
  }

  static String hostileAddress(int number) {
    return "10.98.1." + (100 + number % HOSTILE_ADDRESSES);
  }

  static String mac(int client) {
    return "52:54:00:98:00:%02x".formatted(client);
  }

  private List<String> all() {
    List<String> all = new ArrayList<>(List.of(server(), hostile()));
    for (int i = 1; i <= clients; i++) {
      all.add(client(i));
    }
    return all;
  }

  /** Makes it all; what an earlier run left behind goes first. */
  void create() throws IOException {
    close();
    for (String namespace : all()) {
      Shell.run("ip", "netns", "add", namespace);
      Shell.run("ip", "-n", namespace, "link", "set", "lo", "up");
    }
    ip(server(), "link", "add", "net0", "type", "bridge");
    ip(server(), "address", "add", SERVER + "/16", "dev", "net0");
    ip(server(), "link", "set", "net0", "up");
    plug(hostile(), "port0");
    addresses();
    ip(server(), "route", "add", "192.0.2.0/24", "dev", "net0");
    for (int i = 1; i <= clients; i++) {
      plug(client(i), "port" + i);
      ip(client(i), "link", "set", "eth0", "address", mac(i));
    }
  }

  private void plug(String namespace, String port) throws IOException {
    Shell.run(
        "ip", "link", "add", port, "netns", server(), "type", "veth", "peer", "name", "eth0",
        "netns", namespace);
    ip(server(), "link", "set", port, "master", "net0", "up");
    ip(namespace, "link", "set", "eth0", "up");
  }

  private void addresses() throws IOException {
    Path batch = Files.createTempFile("addresses", ".batch");
    try {
      for (int i = 0; i < HOSTILE_ADDRESSES; i++) {
        String line = "address add " + hostileAddress(i) + "/16 dev eth0\n";
        Files.writeString(batch, line, StandardOpenOption.APPEND);
      }
      ip(hostile(), "-batch", batch.toString());
    } finally {
      Files.delete(batch);
    }
    ip(hostile(), "address", "add", STRANGER + "/24", "dev", "eth0");
    ip(hostile(), "route", "add", "169.254.169.254", "dev", "eth0", "src", hostileAddress(0));
  }

  private static void ip(String namespace, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "-n", namespace));
    command.addAll(List.of(words));
    Shell.run(command.toArray(String[]::new));
  }

  @Override
  public void close() throws IOException {
    BenchNet.remove(all());
  }
}
