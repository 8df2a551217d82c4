package io.mammatus.pxe.testing;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.DhcpSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A network's DHCP, of which a test says what it is about. */
public final class Dhcp {

  private DhcpSpec.@Nullable Mode mode;
  private DhcpSpec.@Nullable Unknown unknown;
  private final List<AddressRange> pools = new ArrayList<>();
  private List<AddressRange> exclusions = List.of();
  private List<DhcpSpec.Reservation> reservations = List.of();
  private List<String> search = List.of();
  private List<Ipv4> ntp = List.of();
  private @Nullable Integer mtu;
  private List<DhcpSpec.StaticRoute> routes = List.of();
  private List<DhcpSpec.RawOption> options = List.of();
  private @Nullable Integer perPort;
  private @Nullable Integer perRelay;
  private @Nullable Boolean probe;
  private List<Ipv4> relays = List.of();

  private Dhcp() {}

  /** One with these pools, as {@code 10.0.0.10-10.0.0.19}. */
  public static Dhcp of(String... pools) {
    return of(Stream.of(pools).map(AddressRange::parse).toList());
  }

  public static Dhcp of(List<AddressRange> pools) {
    Dhcp dhcp = new Dhcp();
    dhcp.pools.addAll(pools);
    return dhcp;
  }

  public Dhcp mode(DhcpSpec.@Nullable Mode served) {
    mode = served;
    return this;
  }

  public Dhcp unknown(DhcpSpec.@Nullable Unknown policy) {
    unknown = policy;
    return this;
  }

  public Dhcp without(String... excluded) {
    exclusions = Stream.of(excluded).map(AddressRange::parse).toList();
    return this;
  }

  public Dhcp reservations(DhcpSpec.Reservation... reserved) {
    reservations = List.of(reserved);
    return this;
  }

  public Dhcp search(String... domains) {
    search = List.of(domains);
    return this;
  }

  public Dhcp ntp(Ipv4... servers) {
    ntp = List.of(servers);
    return this;
  }

  public Dhcp mtu(int octets) {
    mtu = octets;
    return this;
  }

  public Dhcp routes(DhcpSpec.StaticRoute... told) {
    routes = List.of(told);
    return this;
  }

  public Dhcp options(DhcpSpec.RawOption... told) {
    options = List.of(told);
    return this;
  }

  public Dhcp perPort(@Nullable Integer limit) {
    perPort = limit;
    return this;
  }

  public Dhcp perRelay(int limit) {
    perRelay = limit;
    return this;
  }

  public Dhcp probing(boolean first) {
    probe = first;
    return this;
  }

  public Dhcp relays(Ipv4... believed) {
    relays = List.of(believed);
    return this;
  }

  public DhcpSpec spec() {
    return new DhcpSpec(
        mode,
        unknown,
        pools,
        exclusions,
        reservations,
        search,
        ntp,
        mtu,
        routes,
        options,
        perPort,
        perRelay,
        probe,
        relays);
  }
}
