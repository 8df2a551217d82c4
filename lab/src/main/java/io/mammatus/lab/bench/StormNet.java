package io.mammatus.lab.bench;

import io.mammatus.lab.Shell;
import io.mammatus.pxe.neighbour.NeighbourLimits;
import io.mammatus.pxe.neighbour.NeighbourTable;
import io.mammatus.pxe.neighbour.NeighbourTable.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The layer 2 of a storm on a bench's cable: the client's end has every address that a machine may
 * get, so that the server meets as many neighbours as there are machines, and hears frames for
 * every card, as a switch with so many machines would deliver them.
 */
final class StormNet implements AutoCloseable {

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
  private Room room = new Room.Enough(new NeighbourLimits(0, 0, 0));

  StormNet(BenchNet net) {
    this.net = net;
  }

  /**
   * Makes it all. The table of neighbours is one for all namespaces of a machine, and none but the
   * first may make it larger: what a boot server does at its start is so done here in its place.
   *
   * @param machines as many as there are to be
   */
  void create(int machines) throws IOException {
    net.create();
    room = new NeighbourTable().makeRoom(machines);
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

  /** What was said of the room in the table of neighbours, in a sentence. */
  String room() {
    return switch (room) {
      case Room.Enough(NeighbourLimits limits) -> "limits " + limits;
      case Room.Raised(NeighbourLimits before, NeighbourLimits after) ->
          "limits " + after + " for the time of the storm, else " + before;
      case Room.Refused(NeighbourLimits before, NeighbourLimits _, String why) ->
          "limits " + before + ", not raised: " + why;
      case Room.Unseen _ -> "limits unknown";
    };
  }

  /**
   * How often the table was full, of all namespaces, since the machine started: a column of
   * hexadecimal numbers, a row for each processor.
   */
  static long tableFull() throws IOException {
    List<String> rows = Files.readAllLines(Path.of("/proc/net/stat/arp_cache"));
    int column = Arrays.asList(rows.getFirst().strip().split("\\s+")).indexOf("table_fulls");
    return rows.stream()
        .skip(1)
        .mapToLong(row -> Long.parseLong(row.strip().split("\\s+")[column], 16))
        .sum();
  }

  /** Leaves the machine as it was. */
  @Override
  public void close() throws IOException {
    if (room instanceof Room.Raised(NeighbourLimits before, NeighbourLimits _)) {
      for (String setting : before.settings()) {
        Shell.run("sysctl", "-q", "-w", setting);
      }
    }
  }
}
