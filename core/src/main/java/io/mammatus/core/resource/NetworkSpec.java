package io.mammatus.core.resource;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Ipv4;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer 2 that the cloud boots machines on and attaches instances to.
 *
 * @param cidr its addresses
 * @param interfaceName the server's interface on it; machines heard there belong to it
 * @param server the server's own address on it, which also answers for 169.254.169.254
 * @param gateway the way out for machines and instances
 * @param machines addresses for machines
 * @param instances addresses for instances
 * @param dns name servers that clients are told of; none if empty
 * @param domain the domain that clients are told of
 * @param lease how long an address is leased
 * @param dhcp what its DHCP says beyond that
 */
public record NetworkSpec(
    Cidr cidr,
    String interfaceName,
    Ipv4 server,
    Ipv4 gateway,
    AddressRange machines,
    AddressRange instances,
    List<IpAddress> dns,
    @Nullable String domain,
    Duration lease,
    @Nullable DhcpSpec dhcp)
    implements Spec {

  public NetworkSpec(
      Cidr cidr,
      String interfaceName,
      Ipv4 server,
      Ipv4 gateway,
      AddressRange machines,
      AddressRange instances,
      List<IpAddress> dns,
      @Nullable String domain,
      Duration lease) {
    this(cidr, interfaceName, server, gateway, machines, instances, dns, domain, lease, null);
  }

  public NetworkSpec {
    dns = List.copyOf(dns);
    require(interfaceName.matches("[A-Za-z0-9_.:-]{1,15}"), "interfaceName: not an interface name");
    DhcpSpec served = dhcp == null ? DhcpSpec.USUAL : dhcp;
    require(
        inside(cidr, server) || served.servedAs() == DhcpSpec.Mode.RELAYED,
        "server: " + server + " is not a host address of " + cidr);
    require(inside(cidr, gateway), "gateway: " + gateway + " is not a host address of " + cidr);
    for (AddressRange range : List.of(machines, instances)) {
      require(
          inside(cidr, range.first()) && inside(cidr, range.last()),
          "the range " + range + " is not inside " + cidr);
      require(
          !range.contains(server) && !range.contains(gateway),
          "the range " + range + " holds the server's or the gateway's address");
    }
    require(!machines.overlaps(instances), "machines and instances overlap");
    require(
        lease.compareTo(Duration.ofSeconds(60)) >= 0 && lease.compareTo(Duration.ofDays(365)) <= 0,
        "lease: from one minute to a year");
    requireFits(served, cidr, server, gateway, List.of(machines, instances));
  }

  private static void requireFits(
      DhcpSpec dhcp, Cidr cidr, Ipv4 server, Ipv4 gateway, List<AddressRange> others) {
    for (AddressRange pool : dhcp.pools()) {
      require(
          inside(cidr, pool.first()) && inside(cidr, pool.last()),
          "dhcp.pools: " + pool + " is not inside " + cidr);
      require(
          others.stream().noneMatch(pool::overlaps),
          "dhcp.pools: " + pool + " overlaps with machines or instances");
      require(
          !dhcp.gives(server) && !dhcp.gives(gateway),
          "dhcp.pools: " + pool + " holds the server's or the gateway's address: exclude it");
    }
    for (DhcpSpec.Reservation reservation : dhcp.reservations()) {
      Ipv4 address = reservation.address();
      require(
          inside(cidr, address) && !address.equals(server),
          "dhcp.reservations: " + address + " is not a host address of " + cidr);
      require(
          others.stream().noneMatch(range -> range.contains(address)),
          "dhcp.reservations: " + address + " is one of the machines' or instances'");
    }
  }

  /** Whether its clients are behind a relay, and not on the server's interface. */
  public boolean isRelayed() {
    return served().servedAs() == DhcpSpec.Mode.RELAYED;
  }

  /** Whether both claim one link: an interface is on one, and those behind relays are elsewhere. */
  public boolean sharesLinkWith(NetworkSpec other) {
    return !isRelayed() && !other.isRelayed() && interfaceName.equals(other.interfaceName);
  }

  /** What its DHCP says, said or not. */
  public DhcpSpec served() {
    return dhcp == null ? DhcpSpec.USUAL : dhcp;
  }

  private static boolean inside(Cidr cidr, Ipv4 address) {
    return cidr.contains(address)
        && !address.equals(cidr.address())
        && !address.equals(cidr.broadcast());
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
