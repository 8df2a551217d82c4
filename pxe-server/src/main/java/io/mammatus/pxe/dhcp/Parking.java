package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Mac;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Packets of cards that nobody knows yet: one each, the newest, for a few seconds, and so many at
 * most. For one thread; times are the caller's, in nanoseconds as {@link System#nanoTime} has them.
 */
final class Parking<T> {

  /** Clients repeat after about four seconds (RFC 2131, section 4.1): later the answer is stale. */
  static final Duration STAY = Duration.ofSeconds(3);

  private final int capacity;
  private final Map<Mac, Parked<T>> parked = new LinkedHashMap<>();

  private record Parked<T>(T packet, long since) {}

  /** What {@link #park} did. */
  enum Result {
    NEW,
    REPLACED,
    FULL
  }

  Parking(int capacity) {
    this.capacity = capacity;
  }

  Result park(Mac mac, T packet, long now) {
    boolean known = parked.remove(mac) != null;
    if (!known && parked.size() >= capacity) {
      return Result.FULL;
    }
    parked.put(mac, new Parked<>(packet, now));
    return known ? Result.REPLACED : Result.NEW;
  }

  /** Takes out what has been here too long; the order of arrival is the order of expiry. */
  List<T> expired(long now) {
    List<T> gone = new ArrayList<>();
    Iterator<Parked<T>> all = parked.values().iterator();
    while (all.hasNext()) {
      Parked<T> next = all.next();
      if (now - next.since < STAY.toNanos()) {
        break;
      }
      gone.add(next.packet);
      all.remove();
    }
    return gone;
  }

  /** All cards that wait. */
  List<Mac> waiting() {
    return List.copyOf(parked.keySet());
  }

  Optional<T> take(Mac mac) {
    return Optional.ofNullable(parked.remove(mac)).map(Parked::packet);
  }
}
