package io.mammatus.pxe.lease;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.store.lease.Lease;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many addresses are in use by what comes from one port, and through one relay. */
final class Places {

  private final Map<String, Integer> byPort = new HashMap<>();
  private final Map<Ipv4, Integer> byRelay = new HashMap<>();

  /**
   * @param change 1 for an address more, -1 for one less
   */
  void count(Lease.Client client, int change) {
    if (!client.port().isEmpty()) {
      count(byPort, client.port(), change);
    }
    if (!client.relay().isAny()) {
      count(byRelay, client.relay(), change);
    }
  }

  private static <K> void count(Map<K, Integer> counts, K key, int change) {
    if (counts.merge(key, change, Integer::sum) <= 0) {
      counts.remove(key);
    }
  }

  /** Which of the bounds on what comes from one place is reached, if any. */
  Optional<LeaseBook.Refusal> full(Lease.Client client, DhcpSpec dhcp) {
    if (reached(dhcp.leasesPerPort(), byPort.get(client.port()))) {
      return Optional.of(LeaseBook.Refusal.PORT_FULL);
    }
    return reached(dhcp.leasesPerRelay(), byRelay.get(client.relay()))
        ? Optional.of(LeaseBook.Refusal.RELAY_FULL)
        : Optional.empty();
  }

  private static boolean reached(@Nullable Integer limit, @Nullable Integer count) {
    return limit != null && count != null && count >= limit;
  }
}
