package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import java.util.HashMap;
import java.util.Map;

/** How many questions of each client are being asked of others: nobody takes all the room. */
final class FairShare {

  private final int most;
  private final Map<Ipv4, Integer> underWay = new HashMap<>();

  FairShare(int most) {
    this.most = most;
  }

  /** Whether it may have one more; then {@link #give} follows. */
  boolean take(Ipv4 client) {
    int taken = underWay.getOrDefault(client, 0);
    if (taken >= most) {
      return false;
    }
    underWay.put(client, taken + 1);
    return true;
  }

  void give(Ipv4 client) {
    underWay.computeIfPresent(client, (_, taken) -> taken > 1 ? taken - 1 : null);
  }
}
