package io.mammatus.pxe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A real DHCP client on the interface {@code eth0} of a namespace, in the foreground. Whatever of
 * the machine's own it would write, it finds replaced by something of its folder.
 */
abstract class RealClient {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  protected final Namespace where;
  protected final Path folder;
  private long pid;

  /** How it is started, beyond what it does by itself. */
  enum With {
    /** It says that it hears nothing but broadcasts. */
    BROADCAST_FLAG,
    /** It asks the link whether anybody has the address before it takes it. */
    ADDRESS_CHECK
  }

  /** What it says happened. */
  enum Event {
    BOUND,
    RENEWED,
    REBOUND,
    REBOOTED
  }

  /** Those that the tests know. */
  enum Kind {
    UDHCPC,
    DHCLIENT,
    DHCPCD,
    NETWORKD;

    /**
     * @param folder a new one
     */
    RealClient on(Namespace where, Path folder) throws IOException {
      return switch (this) {
        case UDHCPC -> new Udhcpc(where, folder);
        case DHCLIENT -> new Dhclient(where, folder);
        case DHCPCD -> new Dhcpcd(where, folder);
        case NETWORKD -> new Networkd(where, folder);
      };
    }
  }

  /**
   * What it says that it was told, in one form for all clients.
   *
   * @param settings all but the address
   */
  record Told(String address, Map<String, String> settings) {

    /**
     * @param names of the client's own variables, in the order of {@link #NAMES}
     */
    static Told of(Hook.Told told, String address, List<String> names) {
      Map<String, String> settings = new TreeMap<>();
      for (int i = 0; i < NAMES.size(); i++) {
        settings.put(NAMES.get(i), told.get(names.get(i)));
      }
      return new Told(told.get(address), settings);
    }

    String setting(String name) {
      return Objects.requireNonNull(settings.get(name));
    }

    Told with(String name, String value) {
      Map<String, String> changed = new TreeMap<>(settings);
      changed.put(name, value);
      return new Told(address, changed);
    }
  }

  static final List<String> NAMES =
      List.of(
          "server", "mask", "router", "dns", "domain", "search", "ntp", "mtu", "seconds", "routes");

  RealClient(Namespace where, Path folder) throws IOException {
    this.where = where;
    this.folder = Files.createDirectories(folder);
  }

  abstract List<String> command(Set<With> with) throws IOException;

  /** Waits for that to happen to it, after what was waited for before. */
  abstract Told await(Event event);

  /** It gives its address back. */
  abstract void release();

  final void start(With... with) throws IOException {
    List<String> command = command(Set.copyOf(Arrays.asList(with)));
    pid =
        where
            .command(command.toArray(String[]::new))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("said").toFile()))
            .start()
            .pid();
  }

  /** What it printed so far. */
  final String said() {
    try {
      return Files.readString(folder.resolve("said"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  final void signal(String name) {
    Namespace.Result sent = where.run(LIMIT, "kill", "-" + name, Long.toString(pid));
    if (sent.status() != 0) {
      throw new AssertionError(sent.output() + said());
    }
  }

  /** As when its machine loses its power: what it has on disk stays. */
  final void kill() {
    where.end();
    ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
  }

  /** A shell's command in a mount namespace of its own, where the client finds other folders. */
  protected final List<String> sheltered(String script) throws IOException {
    Path file = Files.writeString(folder.resolve("start"), "set -e\n" + script);
    return List.of("unshare", "--mount", "sh", file.toString());
  }
}
