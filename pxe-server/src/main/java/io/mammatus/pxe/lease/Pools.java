package io.mammatus.pxe.lease;

import io.mammatus.core.resource.NetworkId;
import io.mammatus.store.lease.Lease;
import io.vertx.core.Future;
import java.util.Optional;

/** The networks that this server answers for, and their leases. For one event loop. */
public interface Pools {

  /** Answers for every network, and has no leases: where there is no database. */
  Pools NONE =
      new Pools() {
        @Override
        public boolean answersFor(NetworkId network) {
          return true;
        }

        @Override
        public Optional<LeaseBook> book(NetworkId network) {
          return Optional.empty();
        }

        @Override
        public Future<Void> write(Lease lease) {
          return Future.failedFuture("there is nowhere to write leases to");
        }
      };

  /** Whether this server is the one that answers there now. */
  boolean answersFor(NetworkId network);

  /** Empty while it does not answer there, or has not read what was written yet. */
  Optional<LeaseBook> book(NetworkId network);

  /** Completes when the lease is on disk, and fails if it is not known to be. */
  Future<Void> write(Lease lease);
}
