package io.mammatus.control;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.platform.config.Default;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A network that is there from the start.
 *
 * @param gateway the way out; the server itself if absent
 */
public record NetworkConfig(
    String name,
    Cidr cidr,
    String interfaceName,
    Ipv4 server,
    Optional<Ipv4> gateway,
    AddressRange machines,
    AddressRange instances,
    List<Ipv4> dns,
    Optional<String> domain,
    @Default("1h") Duration lease) {

  public NetworkConfig {
    dns = List.copyOf(dns);
    spec(cidr, interfaceName, server, gateway, machines, instances, dns, domain, lease);
  }

  /** As a resource's spec. */
  public NetworkSpec spec() {
    return spec(cidr, interfaceName, server, gateway, machines, instances, dns, domain, lease);
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
      Duration lease) {
    return new NetworkSpec(
        cidr,
        interfaceName,
        server,
        gateway.orElse(server),
        machines,
        instances,
        List.copyOf(dns),
        domain.orElse(null),
        lease);
  }
}
