package io.mammatus.pxe.lease;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.store.lease.Lease;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What clients with an address of a pool call themselves (option 12), for the name service. Of two
 * of one name the newest has it; a lease that is over has none. For one thread.
 */
public final class LeasedNames {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** Browsers and systems look for these by themselves and believe whoever has them. */
  private static final Set<String> NOBODYS = Set.of("localhost", "wpad", "isatap");

  private static final Comparator<Guest> NEWEST_FIRST =
      Comparator.comparing(Guest::since).reversed().thenComparing(guest -> guest.address.bits());

  private final Map<Ipv4, Guest> byAddress = new HashMap<>();
  private final Map<String, SortedSet<Guest>> byName = new HashMap<>();

  private record Guest(
      NetworkId network, Ipv4 address, String name, Instant since, Instant until) {}

  /** A lease was written. */
  public void told(Lease lease) {
    remove(lease.address());
    String name = lease.client().hostName().toLowerCase(Locale.ROOT);
    if (lease.state() == Lease.State.BOUND
        && LABEL.matcher(name).matches()
        && !NOBODYS.contains(name)) {
      Guest guest = new Guest(lease.network(), lease.address(), name, lease.since(), lease.until());
      byAddress.put(guest.address, guest);
      byName.computeIfAbsent(name, _ -> new TreeSet<>(NEWEST_FIRST)).add(guest);
    }
  }

  /** All leases of a network were read. */
  public void read(NetworkId network, Collection<Lease> leases) {
    List<Ipv4> before =
        byAddress.values().stream()
            .filter(guest -> guest.network.equals(network))
            .map(Guest::address)
            .toList();
    before.forEach(this::remove);
    leases.forEach(this::told);
  }

  private void remove(Ipv4 address) {
    Guest gone = byAddress.remove(address);
    if (gone != null) {
      byName.computeIfPresent(
          gone.name,
          (_, all) -> {
            all.remove(gone);
            return all.isEmpty() ? null : all;
          });
    }
  }

  /**
   * The address of whoever calls itself so.
   *
   * @param label in lower case
   * @param where which addresses are in question
   */
  public Optional<Ipv4> addressOf(String label, Predicate<Ipv4> where, Instant now) {
    return byName.getOrDefault(label, new TreeSet<>(NEWEST_FIRST)).stream()
        .filter(guest -> guest.until.isAfter(now) && where.test(guest.address))
        .map(Guest::address)
        .findFirst();
  }

  /** What the client at that address calls itself: one label, in lower case. */
  public Optional<String> nameOf(Ipv4 address, Instant now) {
    return Optional.ofNullable(byAddress.get(address))
        .filter(guest -> guest.until.isAfter(now))
        .map(Guest::name);
  }
}
