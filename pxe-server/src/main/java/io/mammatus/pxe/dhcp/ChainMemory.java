package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Mac;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each machine's iPXE was lately replaced by ours; bounded, the oldest forgotten first.
 * For one thread.
 */
final class ChainMemory {

  private static final Duration FORGET_AFTER = Duration.ofMinutes(2);
  private static final int CAPACITY = 4096;

  private final Map<Mac, Chains> chains = new LinkedHashMap<>();

  private record Chains(int count, long last) {}

  int recent(Mac mac, long now) {
    Chains known = chains.get(mac);
    return known == null || now - known.last > FORGET_AFTER.toNanos() ? 0 : known.count;
  }

  void chained(Mac mac, long now) {
    int count = recent(mac, now) + 1;
    chains.remove(mac);
    if (chains.size() >= CAPACITY) {
      chains.remove(chains.keySet().iterator().next());
    }
    chains.put(mac, new Chains(count, now));
  }
}
