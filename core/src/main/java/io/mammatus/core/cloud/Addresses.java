package io.mammatus.core.cloud;

import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AddressRange;
import java.util.Optional;
import java.util.Set;

/** Chooses addresses. */
public final class Addresses {

  private Addresses() {}

  /** The lowest address of the range that nobody has, in the cloud or in {@code taken}. */
  public static Optional<Ipv4> lowestFree(Cloud cloud, AddressRange range, Set<IpAddress> taken) {
    for (long i = 0; i < range.size(); i++) {
      Ipv4 candidate = range.first().plus((int) i);
      if (cloud.owner(candidate).isEmpty() && !taken.contains(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
