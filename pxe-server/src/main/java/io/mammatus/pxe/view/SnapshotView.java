package io.mammatus.pxe.view;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A view from plain lists; for tests, and for setups that no control plane describes. */
public final class SnapshotView implements BootView {

  private final List<Subnet> subnets;
  private final Map<Mac, Host> byMac = new HashMap<>();
  private final Map<Ipv4, Host> byAddress = new HashMap<>();
  private final Map<Place, Host> reserved = new HashMap<>();
  private final Map<String, List<Host>> byName;

  /** A card on a network. */
  private record Place(NetworkId network, Mac mac) {}

  public SnapshotView(Collection<Subnet> subnets, Collection<Host> hosts) {
    this.subnets = List.copyOf(subnets);
    for (Subnet subnet : subnets) {
      for (DhcpSpec.Reservation reservation : subnet.dhcp().reservations()) {
        Host host = Host.reserved(reservation);
        reserved.put(new Place(subnet.network(), reservation.mac()), host);
        byAddress.put(host.address(), host);
      }
    }
    for (Host host : hosts) {
      host.macs().forEach(mac -> byMac.put(mac, host));
      byAddress.put(host.address(), host);
    }
    this.byName =
        byAddress.values().stream()
            .sorted(Comparator.comparing(Host::kind).thenComparing(Host::address))
            .collect(Collectors.groupingBy(host -> host.name().toLowerCase(Locale.ROOT)));
  }

  @Override
  public Optional<Host> hostByMac(Mac mac) {
    return Optional.ofNullable(byMac.get(mac));
  }

  @Override
  public Optional<Host> reserved(NetworkId network, Mac mac) {
    return Optional.ofNullable(reserved.get(new Place(network, mac)));
  }

  @Override
  public Optional<Host> hostByAddress(Ipv4 address) {
    return Optional.ofNullable(byAddress.get(address));
  }

  @Override
  public List<Subnet> subnets() {
    return subnets;
  }

  @Override
  public List<Host> hostsByName(String name) {
    return byName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }
}
