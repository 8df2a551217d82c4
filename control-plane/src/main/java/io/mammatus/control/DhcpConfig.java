package io.mammatus.control;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.platform.config.Default;
import io.mammatus.platform.config.HostName;
import io.mammatus.platform.config.Matches;
import io.mammatus.platform.config.Range;
import java.util.List;
import java.util.Optional;

/** What a network's DHCP says beyond the addresses of machines and instances; {@link DhcpSpec}. */
public record DhcpConfig(
    @Default("serve") DhcpSpec.Mode mode,
    @Default("enrol") DhcpSpec.Unknown unknown,
    List<AddressRange> pools,
    List<AddressRange> exclusions,
    List<Reservation> reservations,
    @Matches(value = HostName.PATTERN, noun = "a domain") List<String> search,
    List<Ipv4> ntp,
    @Range(min = "576", max = "65535") Optional<Integer> mtu,
    List<DhcpSpec.StaticRoute> routes,
    List<DhcpSpec.RawOption> options,
    @Range(min = "1", max = "1000000") Optional<Integer> leasesPerPort,
    @Range(min = "1", max = "1000000") Optional<Integer> leasesPerRelay,
    @Default("false") boolean probe,
    List<Ipv4> relays) {

  /** An address that one card always gets. */
  public record Reservation(
      Mac mac,
      Ipv4 address,
      @Matches(value = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", noun = "a host name")
          Optional<String> hostName) {}

  /** As a part of a network's spec. */
  DhcpSpec spec() {
    return new DhcpSpec(
        mode,
        unknown,
        pools,
        exclusions,
        reservations.stream()
            .map(r -> new DhcpSpec.Reservation(r.mac(), r.address(), r.hostName().orElse(null)))
            .toList(),
        search,
        ntp,
        mtu.orElse(null),
        routes,
        options,
        leasesPerPort.orElse(null),
        leasesPerRelay.orElse(null),
        probe ? true : null,
        relays);
  }
}
