package io.mammatus.pxe.view;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A layer 2 that is served.
 *
 * @param interfaceName the interface it is served on
 * @param serverAddress this server's own address on it: DHCP server identifier, TFTP and HTTP
 * @param metadataRouter through whom 169.254.169.254 is reached; {@link Ipv4#ANY} for on the link
 * @param leaseTime at least ten seconds
 */
public record Subnet(
    String interfaceName,
    Ipv4 serverAddress,
    Cidr cidr,
    Optional<Ipv4> gateway,
    Ipv4 metadataRouter,
    List<Ipv4> dns,
    Optional<String> domain,
    Duration leaseTime) {

  public Subnet {
    dns = List.copyOf(dns);
    if (leaseTime.compareTo(Duration.ofSeconds(10)) < 0) {
      throw new IllegalArgumentException("a lease of less than ten seconds only makes traffic");
    }
  }
}
