package io.mammatus.pxe.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Two namespaces: in one the server on the bridge br0 (10.88.0.1/24), in the other a client's card
 * eth0, its cable in the bridge. Closing takes both away, and all that runs in them.
 */
final class Lab implements AutoCloseable {

  final Path folder;
  private final Namespace serverSide;
  private final Namespace clientSide;
  private final Deque<Namespace> others = new ArrayDeque<>();
  private final ServerProcess server;

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
    this.serverSide = new Namespace(name("s"), folder);
    this.clientSide = new Namespace(name("c"), folder);
    makeBridge();
    Namespace.cable(serverSide, "cable", clientSide, "eth0");
    plug("cable");
    server = new ServerProcess(serverSide, folder, serverOptions);
  }

  private static String name(String which) {
    return "pxe-" + which + ProcessHandle.current().pid();
  }

  static String java() {
    return ServerProcess.java();
  }

  /** Another namespace, whose interface of that name has its cable in the bridge. */
  Namespace join(String which, String interfaceName) {
    Namespace joined = alone(which);
    Namespace.cable(serverSide, "cable-" + which, joined, interfaceName);
    plug("cable-" + which);
    return joined;
  }

  /** Another namespace, on another layer 2 or none; closed with the lab. */
  Namespace alone(String which) {
    Namespace made = new Namespace(name(which), folder);
    others.push(made);
    return made;
  }

  ServerProcess server() {
    return server;
  }

  Namespace serverSide() {
    return serverSide;
  }

  Namespace clientSide() {
    return clientSide;
  }

  Duration between(Predicate<String> before, Predicate<String> line) {
    return server.between(before, line);
  }

  void makeBridge() {
    serverSide.ip("link", "add", "br0", "type", "bridge");
    serverSide.ip("addr", "add", "10.88.0.1/24", "dev", "br0");
    serverSide.ip("link", "set", "br0", "up");
  }

  void deleteBridge() {
    serverSide.ip("link", "del", "br0");
  }

  /** Puts an interface of the server's side into the bridge. */
  void plug(String interfaceName) {
    serverSide.ip("link", "set", interfaceName, "master", "br0", "up");
  }

  void makeTap(String name) {
    serverSide.ip("tuntap", "add", name, "mode", "tap");
    plug(name);
  }

  /** Gives the client's card another MAC and no address. */
  void newCard(String mac) {
    clientSide.newCard("eth0", mac);
  }

  void address(String address) {
    clientSide.ip("addr", "replace", address + "/24", "dev", "eth0");
  }

  /** Runs a command on the client's side. */
  Namespace.Result client(Duration limit, String... command) {
    return clientSide.run(limit, command);
  }

  /** Runs a command on the server's side. */
  Namespace.Result server(Duration limit, String... command) {
    return serverSide.run(limit, command);
  }

  /** Starts a command on the server's side and leaves it running. */
  Process start(String... command) throws IOException {
    return serverSide.command(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** All lines of the server's trace so far. */
  List<String> trace() {
    return server.trace();
  }

  /** Waits for a line of the server's trace. */
  String awaitTrace(Duration limit, Predicate<String> wanted) {
    return server.awaitTrace(limit, wanted);
  }

  @Override
  public void close() {
    server.close();
    others.forEach(Namespace::close);
    clientSide.close();
    serverSide.close();
  }
}
