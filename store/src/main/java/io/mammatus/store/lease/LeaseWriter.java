package io.mammatus.store.lease;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.NetworkId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Writes leases durably, all that wait in one transaction, one transaction at a time: under a storm
 * each disk flush carries hundreds. Of one address only the newest is written, and whoever waits
 * for an older one of the same client waits for that. For one event loop, the one that makes it.
 */
public final class LeaseWriter {

  /** More than this many addresses wait only if the database is away or hopelessly slow. */
  static final int MAX_WAITING = 16_384;

  /**
   * As many replies leave at once after each flush: what is on the other end, a relay above all,
   * has a small buffer.
   */
  private static final int MAX_BATCH = 96;

  /**
   * Between the beginnings of two transactions, so that many that ask at once share one: a
   * transaction costs the database more than a row. Who comes alone does not wait.
   */
  private static final Duration APART = Duration.ofMillis(3);

  /** A client asks again after about four seconds (RFC 2131, section 4.1). */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /**
   * What the database did not answer in time it may still write: nothing is sent after it before it
   * did or did not, or else an older lease of an address could end on top of a newer one. After
   * that long it is taken for lost with its connection.
   */
  private static final Duration SETTLED = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final Leases leases;
  private final UUID server;
  private final Context context;
  private final Map<Key, Waiting> waiting = new LinkedHashMap<>();
  private boolean writing;
  private boolean delayed;
  private long notBefore = System.nanoTime();

  private record Key(NetworkId network, Ipv4 address) {}

  private record Waiting(Lease lease, List<Promise<Void>> promises) {}

  /**
   * To be made on the event loop that uses it.
   *
   * @param server who writes; it must have the duty for a network to write its leases
   */
  public LeaseWriter(Vertx vertx, Leases leases, UUID server) {
    this.vertx = vertx;
    this.leases = leases;
    this.server = server;
    this.context = vertx.getOrCreateContext();
  }

  /**
   * Completes when the lease is on disk; fails at once if too much waits already, when the database
   * does not answer in time, and when the address went to another client, or another state, before
   * it was written: then what is on disk says something else.
   */
  public Future<Void> write(Lease lease) {
    Key key = new Key(lease.network(), lease.address());
    Waiting before = waiting.remove(key);
    if (before == null && waiting.size() >= MAX_WAITING) {
      return Future.failedFuture("too many leases wait to be written");
    }
    List<Promise<Void>> promises = new ArrayList<>(1);
    if (before != null && lease.isLike(before.lease())) {
      promises.addAll(before.promises());
    } else if (before != null) {
      before.promises().forEach(promise -> promise.tryFail("another lease of it came first"));
    }
    Promise<Void> promise = Promise.promise();
    promises.add(promise);
    waiting.put(key, new Waiting(lease, promises));
    pump();
    return promise.future();
  }

  private void pump() {
    if (writing || delayed || waiting.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    if (notBefore - now > 0 && waiting.size() < MAX_BATCH) {
      delayed = true;
      vertx
          .timer(notBefore - now, TimeUnit.NANOSECONDS)
          .onComplete(passed -> {
            delayed = false;
            pump();
          });
    } else {
      notBefore = now + APART.toNanos();
      write(next());
    }
  }

  private List<Waiting> next() {
    List<Waiting> batch = new ArrayList<>();
    Iterator<Waiting> all = waiting.values().iterator();
    while (all.hasNext() && batch.size() < MAX_BATCH) {
      batch.add(all.next());
      all.remove();
    }
    return batch;
  }

  /** Whoever was told begins again, which may add to what waits: the next batch goes last. */
  private void write(List<Waiting> batch) {
    writing = true;
    Future<Set<NetworkId>> under =
        leases.write(server, batch.stream().map(Waiting::lease).toList());
    under
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(
            written -> context.runOnContext(v -> tell(batch, written)),
            failure -> context.runOnContext(v -> tell(batch, failure)));
    under
        .timeout(SETTLED.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(settled ->
            context.runOnContext(v -> {
              writing = false;
              pump();
            }));
  }

  private static void tell(List<Waiting> batch, Set<NetworkId> written) {
    for (Waiting one : batch) {
      for (Promise<Void> promise : one.promises()) {
        if (written.contains(one.lease().network())) {
          promise.tryComplete();
        } else {
          promise.tryFail("another server answers for this network");
        }
      }
    }
  }

  private static void tell(List<Waiting> batch, Throwable failure) {
    batch.forEach(one -> one.promises().forEach(promise -> promise.tryFail(failure)));
  }
}
