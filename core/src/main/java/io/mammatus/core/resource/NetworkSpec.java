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
    Duration lease)
    implements Spec {

  public NetworkSpec {
    dns = List.copyOf(dns);
    require(interfaceName.matches("[A-Za-z0-9_.:-]{1,15}"), "interfaceName: not an interface name");
    require(inside(cidr, server), "server: " + server + " is not a host address of " + cidr);
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
