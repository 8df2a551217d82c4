package io.mammatus.pxe.lease;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.store.lease.Lease;
import io.mammatus.store.lease.Lease.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who has which address of a network's pools, in memory. Addresses are chosen as RFC 2131, section
 * 4.3.1 says: the one that the client has, else the one that it had, else the one that it asks for,
 * else one that nobody ever had, else the one that has rested longest. A client is known by its
 * hardware address alone, as machines are: a ROM and the system that it boots call themselves by
 * different client identifiers.
 *
 * <p>For one thread. It knows no clock: times only ever go forward.
 */
public final class LeaseBook {

  /** How long an address is kept for who was offered it: as long as slow firmware takes. */
  static final Duration OFFER_STANDS = Duration.ofSeconds(20);

  /** How long nobody gets an address that was found in use by somebody else. */
  static final Duration QUARANTINE = Duration.ofMinutes(30);

  /** After that long it is given before nobody gets anything. */
  static final Duration QUARANTINE_AT_LEAST = Duration.ofMinutes(5);

  /** Addresses that one client can have put in quarantine. */
  static final int MAX_DECLINED = 3;

  private final NetworkId network;
  private final Map<Ipv4, LeaseEntry> offered = new LinkedHashMap<>();
  private final Map<Ipv4, LeaseEntry> bound = new LinkedHashMap<>();
  private final Map<Ipv4, LeaseEntry> resting = new LinkedHashMap<>();
  private final Map<Ipv4, LeaseEntry> quarantined = new LinkedHashMap<>();
  private final Map<Mac, LeaseEntry> byMac = new HashMap<>();
  private final Places places = new Places();
  private DhcpSpec dhcp;
  private int pool;
  private long next;

  /** Why there is no address. */
  public enum Refusal {
    POOL_FULL,
    PORT_FULL,
    RELAY_FULL
  }

  /** What came of asking for an address. */
  public sealed interface Answer {
    record Granted(Ipv4 address) implements Answer {}

    record Refused(Refusal why) implements Answer {}
  }

  /**
   * @param known what was written down, in the order in which it ends
   */
  public LeaseBook(NetworkId network, DhcpSpec dhcp, Collection<Lease> known) {
    this.network = network;
    this.dhcp = dhcp;
    known.forEach(this::remember);
  }

  private void remember(Lease lease) {
    LeaseEntry entry =
        new LeaseEntry(lease.address(), lease.client(), lease.since(), lease.until());
    switch (lease.state()) {
      case BOUND -> {
        entry.asked = true;
        put(bound, entry);
        count(entry, 1);
      }
      case RELEASED -> put(resting, entry);
      case DECLINED -> quarantine(entry);
    }
  }

  private void put(Map<Ipv4, LeaseEntry> where, LeaseEntry entry) {
    where.put(entry.address, entry);
    byMac.put(entry.client.mac(), entry);
  }

  /** The pools are others from now on; who has an address that is in none is refused at renewal. */
  public void change(DhcpSpec changed) {
    if (!changed.equals(dhcp)) {
      dhcp = changed;
      pool = 0;
      next = 0;
    }
  }

  /** How many addresses are leased now. */
  public int leased() {
    return bound.size();
  }

  /** The address that a card has or is offered at present. */
  public Optional<Ipv4> addressOf(Mac mac) {
    return Optional.ofNullable(byMac.get(mac))
        .filter(e -> bound.containsKey(e.address) || offered.containsKey(e.address))
        .map(e -> e.address);
  }

  /**
   * An address to offer, kept for the client for a while.
   *
   * @param wanted the one that it asks for, if any
   */
  public Answer offer(Lease.Client client, Optional<Ipv4> wanted, Instant now) {
    sweep(now);
    LeaseEntry known = byMac.get(client.mac());
    if (known != null && (bound.containsKey(known.address) || offered.containsKey(known.address))) {
      if (dhcp.gives(known.address)) {
        return new Answer.Granted(known.address);
      }
    }
    Optional<Refusal> full = places.full(client, dhcp);
    if (full.isPresent()) {
      return new Answer.Refused(full.get());
    }
    if (known != null && resting.containsKey(known.address) && dhcp.gives(known.address)) {
      return new Answer.Granted(hold(known.address, client, now).address);
    }
    return wanted
        .filter(address -> dhcp.gives(address) && isUnheard(address))
        .or(this::fresh)
        .or(this::longestResting)
        .or(() -> longestQuarantined(now))
        .<Answer>map(address -> new Answer.Granted(hold(address, client, now).address))
        .orElseGet(() -> new Answer.Refused(Refusal.POOL_FULL));
  }

  private LeaseEntry hold(Ipv4 address, Lease.Client client, Instant now) {
    forget(address);
    LeaseEntry stale = byMac.get(client.mac());
    if (stale != null && offered.containsKey(stale.address)) {
      rest(stale);
    }
    LeaseEntry entry = new LeaseEntry(address, client, now, now.plus(OFFER_STANDS));
    put(offered, entry);
    count(entry, 1);
    return entry;
  }

  private void count(LeaseEntry entry, int change) {
    places.count(entry.client, change);
  }

  /** Nobody has it and nobody had it. */
  private boolean isUnheard(Ipv4 address) {
    return isFree(address) && !resting.containsKey(address);
  }

  private boolean isFree(Ipv4 address) {
    return !offered.containsKey(address)
        && !bound.containsKey(address)
        && !quarantined.containsKey(address);
  }

  /** Goes once through the pools; what it passes rests or is in use from then on. */
  private Optional<Ipv4> fresh() {
    while (pool < dhcp.pools().size()) {
      AddressRange range = dhcp.pools().get(pool);
      while (next < range.size()) {
        Ipv4 address = range.first().plus((int) next++);
        if (isUnheard(address) && dhcp.gives(address)) {
          return Optional.of(address);
        }
      }
      pool++;
      next = 0;
    }
    return Optional.empty();
  }

  private Optional<Ipv4> longestResting() {
    return resting.keySet().stream().filter(dhcp::gives).findFirst();
  }

  private Optional<Ipv4> longestQuarantined(Instant now) {
    return quarantined.values().stream()
        .filter(entry -> !entry.until.minus(QUARANTINE).plus(QUARANTINE_AT_LEAST).isAfter(now))
        .map(entry -> entry.address)
        .filter(dhcp::gives)
        .findFirst();
  }

  /** Whoever had the address last has nothing to do with it any more. */
  private void forget(Ipv4 address) {
    LeaseEntry old = resting.remove(address);
    if (old != null) {
      byMac.remove(old.client.mac(), old);
    }
    LeaseEntry declined = quarantined.remove(address);
    if (declined != null) {
      count(declined, -1);
    }
  }

  /** It counts for its place: who could decline it away would never be full. */
  private void quarantine(LeaseEntry entry) {
    quarantined.put(entry.address, entry);
    count(entry, 1);
  }

  private void rest(LeaseEntry entry) {
    offered.remove(entry.address);
    bound.remove(entry.address);
    count(entry, -1);
    resting.put(entry.address, entry);
  }

  /** What is over ends. All entries of a map end in their order, or nearly. */
  private void sweep(Instant now) {
    end(offered, now);
    end(bound, now);
    Iterator<LeaseEntry> all = quarantined.values().iterator();
    while (all.hasNext()) {
      LeaseEntry first = all.next();
      if (first.until.isAfter(now)) {
        break;
      }
      all.remove();
      count(first, -1);
      resting.put(first.address, first);
    }
  }

  private void end(Map<Ipv4, LeaseEntry> where, Instant now) {
    while (!where.isEmpty()) {
      LeaseEntry first = where.values().iterator().next();
      if (first.until.isAfter(now)) {
        return;
      }
      rest(first);
    }
  }

  /**
   * Whether the client may have this address: because it has it or was offered it, or because
   * nobody has it, as after this server forgot an offer or another server's lease goes on here.
   */
  public boolean mayHave(Lease.Client client, Ipv4 address, Instant now) {
    sweep(now);
    if (!dhcp.gives(address) || quarantined.containsKey(address)) {
      return false;
    }
    LeaseEntry known = byMac.get(client.mac());
    if (known != null && known.address.equals(address)) {
      return isHeld(known) || places.full(client.at(known.client), dhcp).isEmpty();
    }
    boolean hasAnother = known != null && bound.containsKey(known.address);
    return !hasAnother
        && !offered.containsKey(address)
        && !bound.containsKey(address)
        && places.full(client, dhcp).isEmpty();
  }

  /**
   * What is to be written before the client is told that it has the address, which is kept for it
   * meanwhile. A client that renews without its relay is where it was: it still counts there.
   */
  public Lease lease(Lease.Client client, Ipv4 address, Duration time, Instant now) {
    LeaseEntry known = byMac.get(client.mac());
    boolean its = known != null && known.address.equals(address) && isHeld(known);
    Lease.Client named = its && known != null ? client.at(known.client) : client;
    boolean goesOn = its && known != null && known.asked;
    if (!goesOn) {
      keep(address, named, now);
    }
    Instant since = goesOn && known != null ? known.since : now;
    return new Lease(network, address, named, State.BOUND, since, now.plus(time));
  }

  private boolean isHeld(LeaseEntry entry) {
    return entry.equals(offered.get(entry.address)) || entry.equals(bound.get(entry.address));
  }

  private void keep(Ipv4 address, Lease.Client client, Instant now) {
    LeaseEntry before = offered.get(address);
    if (before != null) {
      remove(before);
    }
    hold(address, client, now).asked = true;
  }

  /**
   * It was written: the client has the address.
   *
   * @return false if it has not, because it gave the address back meanwhile, even if it was given
   *     it again since, or has another
   */
  public boolean bind(Lease lease) {
    LeaseEntry kept = byMac.get(lease.client().mac());
    if (kept == null
        || !kept.address.equals(lease.address())
        || !kept.since.equals(lease.since())
        || !isHeld(kept)) {
      return false;
    }
    remove(kept);
    LeaseEntry entry =
        new LeaseEntry(lease.address(), lease.client(), lease.since(), lease.until());
    entry.asked = true;
    put(bound, entry); // at the end
    count(entry, 1);
    return true;
  }

  /**
   * What is to be written after a lease that was written for nothing, so that a server which starts
   * later does not keep the address for it. Empty if somebody has the address: what is on disk is
   * his next.
   */
  public Optional<Lease> undo(Lease lease, Instant now) {
    Ipv4 address = lease.address();
    return isFree(address)
        ? Optional.of(
            new Lease(network, address, lease.client(), State.RELEASED, lease.since(), now))
        : Optional.empty();
  }

  private void remove(LeaseEntry entry) {
    boolean counted = offered.remove(entry.address, entry) | bound.remove(entry.address, entry);
    resting.remove(entry.address, entry);
    byMac.remove(entry.client.mac(), entry);
    if (counted) {
      count(entry, -1);
    }
  }

  /** The client gives its address back. Empty if it is not the client's. */
  public Optional<Lease> release(Mac mac, Ipv4 address, Instant now) {
    return holder(mac, address)
        .map(entry -> {
          rest(entry);
          entry.until = now;
          return new Lease(network, address, entry.client, State.RELEASED, entry.since, now);
        });
  }

  /**
   * The client found somebody else at the address, which it was told it has: nobody gets it for a
   * while. Empty if it was not, or if the client did so too often.
   */
  public Optional<Lease> decline(Mac mac, Ipv4 address, Instant now) {
    return holder(mac, address)
        .filter(entry -> bound.containsKey(entry.address) && !declinesTooOften(mac))
        .map(entry -> inUse(entry, entry.client, now));
  }

  /** Whether a client has put as many addresses in quarantine as it may. */
  public boolean declinesTooOften(Mac mac) {
    return quarantined.values().stream().filter(e -> e.client.mac().equals(mac)).count()
        >= MAX_DECLINED;
  }

  /**
   * This server found somebody else at an address that it was about to offer: nobody gets it for a
   * while, and the client has nothing to do with it. Empty if it is not the client's.
   */
  public Optional<Lease> taken(Mac mac, Ipv4 address, Instant now) {
    return holder(mac, address)
        .map(entry -> inUse(entry, new Lease.Client(new Mac(0), "", "", "", Ipv4.ANY), now));
  }

  private Lease inUse(LeaseEntry entry, Lease.Client declined, Instant now) {
    remove(entry);
    entry.client = declined;
    entry.until = now.plus(QUARANTINE);
    quarantine(entry);
    return new Lease(network, entry.address, declined, State.DECLINED, entry.since, entry.until);
  }

  private Optional<LeaseEntry> holder(Mac mac, Ipv4 address) {
    return addressOf(mac).filter(address::equals).map(has -> byMac.get(mac));
  }
}
