package io.mammatus.lab.bench;

import io.mammatus.lab.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The layer 2 of a storm on a bench's cable: the client's end has every address that a machine may
 * get, so that the server meets as many neighbours as there are machines, and hears frames for
 * every card, as a switch with so many machines would deliver them.
 */
final class StormNet {

  static final String SERVER = "10.99.0.1";

  /** Room for more machines than one layer 2 should have. */
  static final String NETWORK =
      """
          cidr: 10.99.0.0/16
          interfaceName: net0
          server: 10.99.0.1
          machines: 10.99.16.0-10.99.31.255
          instances: 10.99.32.0-10.99.32.9
      """;

  static final int MOST_MACHINES = 4000;

  private static final String MACHINES = "10.99.16.0/20";

  private static final String EVERY_CARD =
      """
      table netdev storm {
        chain cards {
          type filter hook ingress device "%s" priority 0; policy accept;
          meta pkttype other meta pkttype set host
        }
      }
      """;

  private final BenchNet net;

  StormNet(BenchNet net) {
    this.net = net;
  }

  void create() throws IOException {
    net.create();
    String to = StormClient.INTERFACE;
    Shell.run("ip", "-n", net.ours(), "address", "add", SERVER + "/16", "dev", "net0");
    Shell.run("ip", "-n", net.client(), "route", "add", "local", MACHINES, "dev", "lo");
    Shell.run("ip", "-n", net.client(), "route", "add", SERVER + "/32", "dev", to);
    Path rules = Files.createTempFile("storm", ".nft");
    try {
      Files.writeString(rules, EVERY_CARD.formatted(to));
      Shell.run("ip", "netns", "exec", net.client(), "nft", "-f", rules.toString());
    } finally {
      Files.delete(rules);
    }
  }

  /** How many machines the server's kernel knows now. */
  long neighbours() throws IOException {
    return Shell.run("ip", "-n", net.ours(), "-4", "neigh", "show", "dev", "net0")
        .lines()
        .filter(line -> line.contains("lladdr"))
        .count();
  }

  /** How often the server's kernel has repeated a segment of TCP. */
  long tcpRepeats() throws IOException {
    String[] rows =
        Shell.run("ip", "netns", "exec", net.ours(), "cat", "/proc/net/snmp")
            .lines()
            .filter(line -> line.startsWith("Tcp:"))
            .toArray(String[]::new);
    String[] names = rows[0].split(" ");
    String[] values = rows[1].split(" ");
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals("RetransSegs")) {
        return Long.parseLong(values[i]);
      }
    }
    throw new IOException("/proc/net/snmp has no RetransSegs");
  }
}
