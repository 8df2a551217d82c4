package io.mammatus.pxe.neighbour;

import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.NetworkSpec;
import java.util.Collection;
import java.util.List;

/**
 * The limits of the kernel's table of neighbours (arp(7)).
 *
 * @param kept so many entries are never collected: {@code gc_thresh1}
 * @param soft beyond so many, whatever was idle for five seconds is: {@code gc_thresh2}
 * @param hard there are never more: {@code gc_thresh3}
 */
public record NeighbourLimits(int kept, int soft, int hard) {

  /** More than anybody has on one link; an address range says little of who is there. */
  static final long MOST_HOSTS = 1 << 16;

  /** What they are if nobody has changed them. */
  static final NeighbourLimits USUAL = new NeighbourLimits(128, 512, 1024);

  /**
   * What so many hosts need, in the kernel's own proportions: all of them fit below the soft limit,
   * and as many that do not exist are asked for meanwhile.
   */
  public static NeighbourLimits fitFor(long hosts) {
    int fit = (int) Math.min(hosts, MOST_HOSTS);
    return new NeighbourLimits(fit / 4, fit, 2 * fit);
  }

  /**
   * How many hosts the server may have to talk to directly: who can be given an address on its
   * links. Those behind a relay are their router's neighbours.
   *
   * @param interfaces those that are served
   */
  public static long hosts(Collection<NetworkSpec> networks, Collection<String> interfaces) {
    return networks.stream()
        .filter(network -> interfaces.contains(network.interfaceName()))
        .filter(network -> !network.isRelayed())
        .mapToLong(NeighbourLimits::hosts)
        .sum();
  }

  private static long hosts(NetworkSpec network) {
    return network.machines().size()
        + network.instances().size()
        + network.served().pools().stream().mapToLong(AddressRange::size).sum()
        + network.served().reservations().size();
  }

  /** None lower than either's. */
  public NeighbourLimits atLeast(NeighbourLimits other) {
    return new NeighbourLimits(
        Math.max(kept, other.kept), Math.max(soft, other.soft), Math.max(hard, other.hard));
  }

  /** As sysctl(8) takes them, the lowest first. */
  public List<String> settings() {
    String prefix = "net.ipv4.neigh.default.gc_thresh";
    return List.of(prefix + "1=" + kept, prefix + "2=" + soft, prefix + "3=" + hard);
  }

  /** How an operator sets them. */
  public String command() {
    return "sysctl -w " + String.join(" ", settings());
  }

  @Override
  public String toString() {
    return kept + ", " + soft + ", " + hard;
  }
}
