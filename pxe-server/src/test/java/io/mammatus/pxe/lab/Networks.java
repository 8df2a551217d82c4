package io.mammatus.pxe.lab;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.pxe.testing.Dhcp;
import io.mammatus.pxe.view.Subnet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the server in a namespace is told of its networks. */
enum Networks {
  /** One, with the usual DHCP: whatever asks becomes a host. */
  USUAL,
  /** One with a pool, another behind a relay, and a large one for a crowd. */
  POOLS,
  /** One behind a relay, and none on the link where the relay is heard. */
  BEHIND_RELAY,
  /** One with a pool, whose leases last ten seconds and whose addresses are looked for first. */
  SHORT_LEASES,
  /** One where somebody else gives the addresses. */
  PROXY;

  static final NetworkId ID = new NetworkId(new Uid(new UUID(0, 88)));
  static final NetworkId RELAYED = new NetworkId(new Uid(new UUID(0, 77)));
  static final NetworkId CROWD = new NetworkId(new Uid(new UUID(0, 96)));
  static final Ipv4 SERVER = Ipv4.parse("10.88.0.1");

  /** The first five of the pool are excluded. */
  static final AddressRange GIVEN = AddressRange.parse("10.88.0.205-10.88.0.249");

  static final AddressRange GIVEN_BEHIND_RELAY = AddressRange.parse("10.77.0.100-10.77.0.199");

  private static final Duration HOUR = Duration.ofHours(1);

  List<Subnet> subnets(String interfaceName) {
    return switch (this) {
      case USUAL -> List.of(own(interfaceName, DhcpSpec.USUAL, HOUR));
      case POOLS ->
          List.of(
              own(interfaceName, pools(false), HOUR), relayed(interfaceName), crowd(interfaceName));
      case BEHIND_RELAY -> List.of(relayed(interfaceName));
      case SHORT_LEASES -> List.of(own(interfaceName, pools(true), Duration.ofSeconds(10)));
      case PROXY -> List.of(own(interfaceName, mode(DhcpSpec.Mode.PROXY, List.of()), HOUR));
    };
  }

  private static Subnet own(String interfaceName, DhcpSpec dhcp, Duration lease) {
    return new Subnet(
        ID,
        interfaceName,
        SERVER,
        Cidr.parse("10.88.0.0/24"),
        Optional.of(Ipv4.parse("10.88.0.254")),
        List.of(Ipv4.parse("10.88.0.53")),
        Optional.of("lab.test"),
        lease,
        dhcp);
  }

  private static DhcpSpec pools(boolean probe) {
    return Dhcp.of("10.88.0.200-10.88.0.249")
        .without("10.88.0.200-10.88.0.204")
        .search("lab.test", "more.test")
        .ntp(Ipv4.parse("10.88.0.123"))
        .mtu(1400)
        .routes(new DhcpSpec.StaticRoute(Cidr.parse("10.99.0.0/16"), Ipv4.parse("10.88.0.253")))
        .probing(probe)
        .spec();
  }

  private static DhcpSpec mode(DhcpSpec.Mode mode, List<AddressRange> pools) {
    return Dhcp.of(pools).mode(mode).spec();
  }

  /** The relay is at 10.77.0.1. */
  private static Subnet relayed(String interfaceName) {
    return behind(
        RELAYED, interfaceName, "10.77.0.0/24", Ipv4.parse("10.77.0.1"), GIVEN_BEHIND_RELAY);
  }

  private static Subnet crowd(String interfaceName) {
    return behind(
        CROWD,
        interfaceName,
        "10.96.0.0/16",
        Ipv4.parse("10.96.0.9"),
        AddressRange.parse("10.96.128.0-10.96.255.254"));
  }

  private static Subnet behind(
      NetworkId id, String interfaceName, String cidr, Ipv4 relay, AddressRange pool) {
    return new Subnet(
        id,
        interfaceName,
        SERVER,
        Cidr.parse(cidr),
        Optional.of(relay),
        List.of(),
        Optional.empty(),
        HOUR,
        mode(DhcpSpec.Mode.RELAYED, List.of(pool)));
  }
}
