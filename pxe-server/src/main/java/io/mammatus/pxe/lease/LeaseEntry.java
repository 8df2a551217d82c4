package io.mammatus.pxe.lease;

import io.mammatus.core.net.Ipv4;
import io.mammatus.store.lease.Lease;
import java.time.Instant;

/**
 * What an address is for: in exactly one of a {@link LeaseBook}'s maps, each in the order in which
 * it ends.
 */
final class LeaseEntry {
  final Ipv4 address;
  Lease.Client client;
  Instant since;
  Instant until;

  /** A lease of it is being written, or is. */
  boolean asked;

  LeaseEntry(Ipv4 address, Lease.Client client, Instant since, Instant until) {
    this.address = address;
    this.client = client;
    this.since = since;
    this.until = until;
  }
}
