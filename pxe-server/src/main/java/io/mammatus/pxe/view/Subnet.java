package io.mammatus.pxe.view;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A layer 2 that is served.
 *
 * @param network the network's id, by which leases are kept
 * @param interfaceName the interface it is served on
 * @param serverAddress this server's own address on it: DHCP server identifier, TFTP and HTTP
 * @param metadataServer who has 169.254.169.254 there, by its address in the network
 * @param leaseTime at least ten seconds
 * @param dhcp what its DHCP says beyond that
 */
public record Subnet(
    NetworkId network,
    String interfaceName,
    Ipv4 serverAddress,
    Ipv4 metadataServer,
    Cidr cidr,
    Optional<Ipv4> gateway,
    List<Ipv4> dns,
    Optional<String> domain,
    Duration leaseTime,
    DhcpSpec dhcp) {

  private static final NetworkId NAMELESS = new NetworkId(new Uid(new UUID(0, 0)));

  /** Where one server is all there is. */
  public Subnet(
      NetworkId network,
      String interfaceName,
      Ipv4 serverAddress,
      Cidr cidr,
      Optional<Ipv4> gateway,
      List<Ipv4> dns,
      Optional<String> domain,
      Duration leaseTime,
      DhcpSpec dhcp) {
    this(
        network,
        interfaceName,
        serverAddress,
        serverAddress,
        cidr,
        gateway,
        dns,
        domain,
        leaseTime,
        dhcp);
  }

  /** The only network of a setup that no control plane describes, with the usual DHCP. */
  public Subnet(
      String interfaceName,
      Ipv4 serverAddress,
      Cidr cidr,
      Optional<Ipv4> gateway,
      List<Ipv4> dns,
      Optional<String> domain,
      Duration leaseTime) {
    this(
        NAMELESS,
        interfaceName,
        serverAddress,
        cidr,
        gateway,
        dns,
        domain,
        leaseTime,
        DhcpSpec.USUAL);
  }

  public Subnet {
    dns = List.copyOf(dns);
    if (leaseTime.compareTo(Duration.ofSeconds(10)) < 0) {
      throw new IllegalArgumentException("a lease of less than ten seconds only makes traffic");
    }
  }

  /** The same with other name servers. */
  public Subnet withDns(List<Ipv4> servers) {
    return new Subnet(
        network,
        interfaceName,
        serverAddress,
        metadataServer,
        cidr,
        gateway,
        servers,
        domain,
        leaseTime,
        dhcp);
  }

  /**
   * Through whom 169.254.169.254 is reached. A next hop is on the client's link (RFC 3442), which
   * this server is not for those behind a relay: there it is the gateway, if there is one.
   */
  public Optional<Ipv4> metadataRouter() {
    return mode() == DhcpSpec.Mode.RELAYED ? gateway : Optional.of(metadataServer);
  }

  /** The same, served by a server with another address. */
  public Subnet servedBy(Ipv4 server) {
    return server.equals(serverAddress)
        ? this
        : new Subnet(
            network,
            interfaceName,
            server,
            metadataServer,
            cidr,
            gateway,
            dns,
            domain,
            leaseTime,
            dhcp);
  }

  public DhcpSpec.Mode mode() {
    return dhcp.servedAs();
  }
}
