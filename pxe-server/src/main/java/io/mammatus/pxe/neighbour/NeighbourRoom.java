package io.mammatus.pxe.neighbour;

import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.pxe.neighbour.NeighbourTable.Room;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * Sees to it that the table has room for the networks that are served, at the start and whenever
 * there are more of them, and tells the log. Thread-safe.
 */
public final class NeighbourRoom {

  private static final System.Logger LOG = System.getLogger(NeighbourRoom.class.getName());

  private final NeighbourTable table;
  private final List<String> interfaces;
  private volatile long hosts;

  /**
   * @param interfaces those that are served
   */
  public NeighbourRoom(NeighbourTable table, List<String> interfaces) {
    this.table = table;
    this.interfaces = List.copyOf(interfaces);
  }

  /** Whether these networks are more than there was made room for. */
  public boolean isWanted(Collection<NetworkSpec> networks) {
    return NeighbourLimits.hosts(networks, interfaces) > hosts;
  }

  /** Makes room for these networks. Blocking. */
  public synchronized void make(Collection<NetworkSpec> networks) {
    if (!isWanted(networks)) {
      return;
    }
    hosts = NeighbourLimits.hosts(networks, interfaces);
    try {
      tell(table.makeRoom(hosts));
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the limits of the kernel''s neighbour table cannot be read: {0}",
          e.getMessage());
    }
  }

  private void tell(Room room) {
    switch (room) {
      case Room.Enough(NeighbourLimits limits) ->
          LOG.log(
              System.Logger.Level.DEBUG,
              "the kernel''s neighbour table has room for {0} hosts: {1}",
              hosts,
              limits);
      case Room.Raised(NeighbourLimits before, NeighbourLimits after) ->
          LOG.log(
              System.Logger.Level.INFO,
              "the kernel''s neighbour table was made larger for {0} hosts: gc_thresh1, 2 and 3 are {1}, were {2}",
              hosts,
              after,
              before);
      case Room.Refused(NeighbourLimits before, NeighbourLimits needed, String why) ->
          LOG.log(
              System.Logger.Level.WARNING,
              "the kernel''s neighbour table is too small for {0} hosts, packets to some will be refused: gc_thresh1, 2 and 3 are {1} and cannot be raised ({2}); as root: {3}",
              hosts,
              before,
              why,
              needed.command());
      case Room.Unseen(NeighbourLimits needed) ->
          LOG.log(
              System.Logger.Level.INFO,
              "the limits of the kernel''s neighbour table cannot be seen in this network namespace; {0} hosts need, on the machine itself: {1}",
              hosts,
              needed.command());
    }
  }
}
