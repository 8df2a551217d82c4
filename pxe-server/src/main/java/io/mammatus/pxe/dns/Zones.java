package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import io.mammatus.pxe.lease.LeasedNames;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.Subnet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * The cloud's zones: a look at a view, which holds the hosts. Each domain of a network is a zone,
 * and the names of each network's addresses are another. In a zone are
 *
 * <ul>
 *   <li>{@code gateway}, {@code server}: of the network, and of the asker's network if there are
 *       several; no host can take these names,
 *   <li>every machine, instance and reserved card that has an address there, by its name,
 *   <li>whoever has an address of a pool, by what it calls itself, if none of those is called so,
 *   <li>{@code ip-10-20-0-7}: every address, so that each has a name to be looked up by.
 * </ul>
 */
final class Zones {

  static final String GATEWAY = "gateway";
  static final String SERVER = "server";

  /** The longest label of ours, its length and a zone make a name of at most 255 octets. */
  private static final int MAX_ZONE = 255 - 64;

  private final BootView view;
  private final List<Zone> zones;
  private final Name defaultZone;
  private final long serial;
  private final LeasedNames leased;
  private final InstantSource clock;

  private record Zone(Name apex, List<Subnet> subnets) {}

  /**
   * @param defaultZone of networks that have no domain, or one that is no name
   * @param serial of the SOA records
   */
  Zones(BootView view, Name defaultZone, long serial, LeasedNames leased, InstantSource clock) {
    this.view = view;
    this.leased = leased;
    this.clock = clock;
    this.defaultZone = defaultZone;
    this.serial = serial;
    Map<Name, List<Subnet>> byDomain = new LinkedHashMap<>();
    for (Subnet subnet : view.subnets()) {
      byDomain.computeIfAbsent(domain(subnet), _ -> new ArrayList<>()).add(subnet);
    }
    // The longest name first: a zone may lie within another.
    this.zones =
        byDomain.entrySet().stream()
            .map(entry -> new Zone(entry.getKey(), List.copyOf(entry.getValue())))
            .sorted(Comparator.comparingInt((Zone zone) -> zone.apex.labels()).reversed())
            .toList();
  }

  /** Whether this looks at that very view. */
  @SuppressWarnings("ReferenceEquality") // a view is replaced, never changed
  boolean isOf(BootView other) {
    return view == other;
  }

  /** Whether it is somebody in the cloud, or this machine itself. */
  boolean isInside(Ipv4 client) {
    return client.bits() >>> 24 == 127 || view.subnetByAddress(client).isPresent();
  }

  ZoneAnswer lookup(Name name, int type, Ipv4 client) {
    Optional<ReverseName.Block> block = ReverseName.parse(name);
    if (block.isPresent()) {
      return reverse(name, type, block.get());
    }
    for (Zone zone : zones) {
      if (name.subdomain(zone.apex)) {
        return forward(zone, name, type, client);
      }
    }
    return new ZoneAnswer.NotOurs();
  }

  private ZoneAnswer forward(Zone zone, Name name, int type, Ipv4 client) {
    Record soa = soa(zone.apex, zone.apex);
    int depth = name.labels() - zone.apex.labels();
    if (depth == 0) {
      return apex(name, soa, zone.apex, type);
    }
    List<Ipv4> addresses =
        depth == 1
            ? addresses(zone, name.getLabelString(0).toLowerCase(Locale.ROOT), client)
            : List.of();
    if (!addresses.isEmpty()) {
      return type == Type.A || type == Type.ANY
          ? new ZoneAnswer.Found(
              addresses.stream().map(address -> ZoneRecords.a(name, address)).toList())
          : new ZoneAnswer.NoData(soa);
    }
    // A name that has only others below it is there (RFC 8020).
    boolean hasBelow = zones.stream().anyMatch(other -> other.apex.subdomain(name));
    return hasBelow ? new ZoneAnswer.NoData(soa) : new ZoneAnswer.NoSuchName(soa);
  }

  private ZoneAnswer apex(Name name, Record soa, Name domain, int type) {
    return switch (type) {
      case Type.SOA, Type.ANY -> new ZoneAnswer.Found(List.of(soa));
      case Type.NS ->
          new ZoneAnswer.Found(List.of(ZoneRecords.ns(name, ZoneRecords.below(SERVER, domain))));
      default -> new ZoneAnswer.NoData(soa);
    };
  }

  private List<Ipv4> addresses(Zone zone, String label, Ipv4 client) {
    if (label.equals(SERVER)) {
      return near(zone, client).stream().map(Subnet::serverAddress).toList();
    }
    if (label.equals(GATEWAY)) {
      return near(zone, client).stream().flatMap(s -> s.gateway().stream()).toList();
    }
    Optional<Ipv4> plain = AddressLabel.parse(label).filter(a -> isIn(zone, a));
    if (plain.isPresent()) {
      return List.of(plain.get());
    }
    return view.hostsByName(label).stream()
        .map(Host::address)
        .filter(address -> isIn(zone, address))
        .findFirst()
        .or(() -> leased.addressOf(label, address -> isIn(zone, address), clock.instant()))
        .stream()
        .toList();
  }

  /** The zone's networks, or of them the one that the asker is in. */
  private static List<Subnet> near(Zone zone, Ipv4 client) {
    List<Subnet> own = zone.subnets.stream().filter(s -> s.cidr().contains(client)).toList();
    return own.isEmpty() ? zone.subnets : own;
  }

  private static boolean isIn(Zone zone, Ipv4 address) {
    return zone.subnets.stream().anyMatch(subnet -> subnet.cidr().contains(address));
  }

  private ZoneAnswer reverse(Name name, int type, ReverseName.Block block) {
    Ipv4 address = block.range().address();
    Optional<Subnet> found =
        view.subnetByAddress(address)
            .filter(s -> block.range().prefixLength() >= s.cidr().prefixLength());
    if (found.isEmpty()) {
      return new ZoneAnswer.NotOurs();
    }
    Subnet subnet = found.get();
    Name zone = ReverseName.zone(subnet.cidr(), address);
    Record soa = soa(zone, domain(subnet));
    if (name.equals(zone)) {
      return apex(name, soa, domain(subnet), type);
    }
    if (block.range().prefixLength() < 32) {
      return new ZoneAnswer.NoData(soa);
    }
    if (block.below()
        || address.equals(subnet.cidr().address())
        || address.equals(subnet.cidr().broadcast())) {
      return new ZoneAnswer.NoSuchName(soa);
    }
    return type == Type.PTR || type == Type.ANY
        ? new ZoneAnswer.Found(
            List.of(
                ZoneRecords.ptr(name, ZoneRecords.below(label(subnet, address), domain(subnet)))))
        : new ZoneAnswer.NoData(soa);
  }

  /** Always one that leads back to the address. */
  private String label(Subnet subnet, Ipv4 address) {
    if (address.equals(subnet.serverAddress())) {
      return SERVER;
    }
    if (subnet.gateway().filter(address::equals).isPresent()) {
      return GATEWAY;
    }
    return view.hostByAddress(address)
        .map(Host::name)
        .or(() -> leased.nameOf(address, clock.instant()))
        .filter(name -> leadsTo(name, subnet, address))
        .orElseGet(() -> AddressLabel.of(address));
  }

  private boolean leadsTo(String name, Subnet subnet, Ipv4 address) {
    if (!name.matches("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")) {
      return false;
    }
    Name domain = domain(subnet);
    return zones.stream()
        .filter(zone -> zone.apex.equals(domain))
        .anyMatch(zone ->
            addresses(zone, name.toLowerCase(Locale.ROOT), address).equals(List.of(address)));
  }

  private Record soa(Name zone, Name domain) {
    return ZoneRecords.soa(
        zone, ZoneRecords.below(SERVER, domain), ZoneRecords.below("hostmaster", domain), serial);
  }

  private Name domain(Subnet subnet) {
    return subnet.domain().flatMap(Zones::name).orElse(defaultZone);
  }

  /** A zone's name, if the text is one that leaves room for hosts. */
  static Optional<Name> name(String text) {
    try {
      Name name = Name.fromString(text, Name.root);
      return name.labels() > 1 && name.length() <= MAX_ZONE ? Optional.of(name) : Optional.empty();
    } catch (TextParseException e) {
      return Optional.empty();
    }
  }
}
