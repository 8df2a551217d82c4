package io.mammatus.core.resource;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a network's DHCP says and to whom, beyond the addresses of machines and instances.
 *
 * @param mode how it is served; {@link Mode#SERVE} if absent
 * @param unknown what a firmware that nobody knows gets; {@link Unknown#ENROL} if absent
 * @param pools addresses for whoever is neither machine nor instance; none if empty
 * @param exclusions addresses inside the pools that are never given
 * @param reservations addresses of cards that are neither machines nor instances
 * @param search domains to look names up in (option 119); the network's own if empty
 * @param ntp time servers (option 42)
 * @param mtu the link's maximum transmission unit, octets (option 26); not told if absent
 * @param routes beside the default and the metadata routes (options 121 and 249)
 * @param options further options by number, which replace what the server would say itself
 * @param leasesPerPort how many addresses of the pools one port of a relay gets (by option 82);
 *     unbounded if absent
 * @param leasesPerRelay how many one relay gets, whatever its ports; unbounded if absent
 * @param probe whether an address is looked for on the link (RFC 5227) before it is offered; not if
 *     absent
 * @param relays the only ones that are believed to be on this network, by their giaddr; any if
 *     empty
 */
public record DhcpSpec(
    @Nullable Mode mode,
    @Nullable Unknown unknown,
    List<AddressRange> pools,
    List<AddressRange> exclusions,
    List<Reservation> reservations,
    List<String> search,
    List<Ipv4> ntp,
    @Nullable Integer mtu,
    List<StaticRoute> routes,
    List<RawOption> options,
    @Nullable Integer leasesPerPort,
    @Nullable Integer leasesPerRelay,
    @Nullable Boolean probe,
    List<Ipv4> relays) {

  /** As a network is served that says nothing of it. */
  public static final DhcpSpec USUAL =
      new DhcpSpec(
          null, null, List.of(), List.of(), List.of(), List.of(), List.of(), null, List.of(),
          List.of(), null, null, null, List.of());

  /** How a network is served. */
  public enum Mode {
    /** We are its DHCP server. */
    SERVE,
    /** We are, for clients behind relays only: the server's interface is on another network. */
    RELAYED,
    /** Somebody else gives addresses; we only say what to boot (PXE 2.1, section 2.2). */
    PROXY,
    /** Nobody is answered. */
    OFF
  }

  /** What a firmware gets that asks for something to boot and that nobody knows. */
  public enum Unknown {
    /** It becomes a machine. */
    ENROL,
    /** An address of the pools and nothing to boot: its firmware goes on to its own disk. */
    LOCAL_DISK,
    /** Silence. */
    IGNORE
  }

  /**
   * An address that one card always gets.
   *
   * @param hostName one label; told to the client (option 12)
   */
  public record Reservation(Mac mac, Ipv4 address, @Nullable String hostName) {
    public Reservation {
      require(!mac.isGroup(), "reservations: " + mac + " is no network card's address");
      require(
          hostName == null || hostName.matches("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"),
          "reservations: a host name is one label of letters, digits and hyphens");
    }
  }

  /** A route that clients are told of. */
  public record StaticRoute(Cidr to, Ipv4 via) {}

  /**
   * An option whose value is given as it is on the wire.
   *
   * @param code 1 to 254, and none that the protocol itself needs
   * @param hex its octets in hexadecimal
   */
  public record RawOption(int code, String hex) {

    /** What only the server can know: lengths, times, identifiers, message types. */
    private static final Set<Integer> OURS = Set.of(50, 51, 52, 53, 54, 55, 57, 58, 59, 61, 82);

    public RawOption {
      require(code >= 1 && code <= 254, "options: a code is 1 to 254, not " + code);
      require(!OURS.contains(code), "options: " + code + " is the server's own to say");
      require(
          hex.matches("([0-9A-Fa-f]{2}){0,510}"),
          "options: " + code + " is not hexadecimal digits in pairs, 510 octets at most");
    }
  }

  public DhcpSpec {
    pools = List.copyOf(pools);
    exclusions = List.copyOf(exclusions);
    reservations = List.copyOf(reservations);
    search = List.copyOf(search);
    ntp = List.copyOf(ntp);
    routes = List.copyOf(routes);
    options = List.copyOf(options);
    relays = List.copyOf(relays);
    require(mtu == null || mtu >= 576 && mtu <= 65535, "mtu: from 576 to 65535");
    require(leasesPerPort == null || leasesPerPort > 0, "leasesPerPort: at least 1");
    require(leasesPerRelay == null || leasesPerRelay > 0, "leasesPerRelay: at least 1");
    for (int i = 0; i < pools.size(); i++) {
      for (int j = 0; j < i; j++) {
        require(!pools.get(i).overlaps(pools.get(j)), "pools: two of them overlap");
      }
    }
    Set<Object> taken = new HashSet<>();
    for (Reservation reservation : reservations) {
      require(taken.add(reservation.mac()), "reservations: twice for " + reservation.mac());
      require(taken.add(reservation.address()), "reservations: twice " + reservation.address());
    }
  }

  public Mode servedAs() {
    return mode == null ? Mode.SERVE : mode;
  }

  public Unknown forUnknown() {
    return unknown == null ? Unknown.ENROL : unknown;
  }

  public boolean probes() {
    return Boolean.TRUE.equals(probe);
  }

  /** Whether a relay of that address may speak for the network's clients. */
  public boolean believes(Ipv4 relay) {
    return relays.isEmpty() || relays.contains(relay);
  }

  /** The card's reservation. */
  public Optional<Reservation> reservation(Mac mac) {
    return reservations.stream().filter(r -> r.mac().equals(mac)).findFirst();
  }

  /** Whether the pools have that address to give. */
  public boolean gives(Ipv4 address) {
    return pools.stream().anyMatch(pool -> pool.contains(address))
        && exclusions.stream().noneMatch(range -> range.contains(address))
        && reservations.stream().noneMatch(r -> r.address().equals(address));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
