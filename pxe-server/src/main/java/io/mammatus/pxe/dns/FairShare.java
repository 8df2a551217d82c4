package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import java.util.HashMap;
import java.util.Map;

/**
 * How many questions of each client are being asked of others. Nobody takes all the room, nor do
 * several together: one client may have as many as are still free, so that the more is taken the
 * less each gets, and something is always left for the next.
 */
final class FairShare {

  private final int most;
  private final int room;
  private final Map<Ipv4, Integer> underWay = new HashMap<>();
  private int all;

  /**
   * @param most of one client
   * @param room of all
   */
  FairShare(int most, int room) {
    this.most = most;
    this.room = room;
  }

  /** Whether it may have one more; then {@link #give} follows. */
  boolean take(Ipv4 client) {
    int taken = underWay.getOrDefault(client, 0);
    if (taken >= Math.min(most, room - all)) {
      return false;
    }
    underWay.put(client, taken + 1);
    all++;
    return true;
  }

  void give(Ipv4 client) {
    underWay.computeIfPresent(
        client,
        (_, taken) -> {
          all--;
          return taken > 1 ? taken - 1 : null;
        });
  }
}
