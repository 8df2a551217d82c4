package io.mammatus.control;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.platform.config.Default;
import io.mammatus.platform.config.Faults;
import io.mammatus.platform.config.HostName;
import io.mammatus.platform.config.Matches;
import io.mammatus.platform.config.Range;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network that is there from the start.
 *
 * @param gateway the way out; the server itself if absent
 */
public record NetworkConfig(
    @Matches(
            value = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
            noun = "lower case letters, digits and hyphens")
        String name,
    Cidr cidr,
    @Matches(value = INTERFACE, noun = "an interface name") String interfaceName,
    Ipv4 server,
    Optional<Ipv4> gateway,
    AddressRange machines,
    AddressRange instances,
    List<Ipv4> dns,
    @Matches(value = HostName.PATTERN, noun = "a domain") Optional<String> domain,
    @Default("1h") @Range(min = "1m", max = "365d") Duration lease,
    Optional<DhcpConfig> dhcp) {

  private static final String INTERFACE = "[A-Za-z0-9_.:-]{1,15}";

  public NetworkConfig {
    dns = List.copyOf(dns);
    boolean relayed = dhcp.filter(d -> d.mode() == DhcpSpec.Mode.RELAYED).isPresent();
    requireInside(cidr, server, gateway.orElse(server), machines, instances, relayed);
    spec(cidr, interfaceName, server, gateway, machines, instances, dns, domain, lease, dhcp);
  }

  /** What the spec asks for too, which stops at the first fault: here all are told. */
  private static void requireInside(
      Cidr cidr,
      Ipv4 server,
      Ipv4 gateway,
      AddressRange machines,
      AddressRange instances,
      boolean relayed) {
    Faults faults =
        new Faults()
            .require(relayed || isHost(cidr, server), "server", "is not a host address of " + cidr)
            .require(
                gateway.equals(server) || isHost(cidr, gateway),
                "gateway",
                "is not a host address of " + cidr)
            .require(!machines.overlaps(instances), "instances", "overlaps with machines");
    Map.of("machines", machines, "instances", instances)
        .forEach((key, range) ->
            faults
                .require(
                    isHost(cidr, range.first()) && isHost(cidr, range.last()),
                    key,
                    "the range " + range + " is not inside " + cidr)
                .require(
                    !range.contains(server) && !range.contains(gateway),
                    key,
                    "the range " + range + " holds the server's or the gateway's address"));
    faults.raise();
  }

  private static boolean isHost(Cidr cidr, Ipv4 address) {
    return cidr.contains(address)
        && !address.equals(cidr.address())
        && !address.equals(cidr.broadcast());
  }

  /** As a resource's spec. */
  public NetworkSpec spec() {
    return spec(
        cidr, interfaceName, server, gateway, machines, instances, dns, domain, lease, dhcp);
  }

  /**
   * Made once by the constructor too, so that what is wrong is reported with the file's other
   * problems.
   */
  private static NetworkSpec spec(
      Cidr cidr,
      String interfaceName,
      Ipv4 server,
      Optional<Ipv4> gateway,
      AddressRange machines,
      AddressRange instances,
      List<Ipv4> dns,
      Optional<String> domain,
      Duration lease,
      Optional<DhcpConfig> dhcp) {
    return new NetworkSpec(
        cidr,
        interfaceName,
        server,
        gateway.orElse(server),
        machines,
        instances,
        List.copyOf(dns),
        domain.orElse(null),
        lease,
        dhcp.map(DhcpConfig::spec).orElse(null));
  }
}
