package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Rcode;

/**
 * Finds out what others know: from the cache, or from the upstreams. Who asks what is being asked
 * already waits for the same answer. On the event loop that makes it.
 */
final class Forwarder {

  /** Questions under way: each has a socket. */
  static final int MAX_PENDING = 256;

  /** Who waits for one answer. */
  static final int MAX_WAITING = 256;

  private static final Duration PATIENCE = Duration.ofMillis(1800);

  private static final int MAX_CACHED = 20_000;
  private static final long MAX_CACHED_OCTETS = 8L << 20;

  private final Vertx vertx;
  private final UpstreamAsker asker;
  private final FairShare rooms = new FairShare(MAX_PENDING / 4, MAX_PENDING);
  private final AnswerCache cache = new AnswerCache(MAX_CACHED, MAX_CACHED_OCTETS);
  private final Map<ForwardKey, Pending> pending = new HashMap<>();

  /**
   * What was found, if anything.
   *
   * @param why one of a few words, fit for a counter's label
   */
  record Resolved(DnsReply reply, String why) {}

  private static final class Pending {
    final Promise<Resolved> answer = Promise.promise();
    int waiting = 1;
  }

  Forwarder(Vertx vertx, Upstreams upstreams) {
    this.vertx = vertx;
    this.asker = new UpstreamAsker(vertx, upstreams);
  }

  /** What is known already. */
  Optional<Resolved> known(ForwardKey key) {
    return cache.get(key, System.nanoTime()).map(reply -> new Resolved(reply, "cache"));
  }

  /**
   * Finds out what is not {@link #known}; never fails: not to know is SERVFAIL.
   *
   * @param client who asks first has the question on its share
   */
  Future<Resolved> resolve(ForwardKey key, Ipv4 client) {
    Pending same = pending.get(key);
    if (same != null) {
      return same.waiting++ < MAX_WAITING
          ? same.answer.future().map(found -> new Resolved(found.reply, joined(found.why)))
          : failed("too-many-waiting");
    }
    if (!rooms.take(client)) {
      return staleOr(key, "too-many-pending");
    }
    Pending mine = new Pending();
    pending.put(key, mine);
    long hurry = cache.stale(key, System.nanoTime()).isEmpty() ? -1 : staleSoon(key, mine);
    asker
        .ask(key)
        .map(found -> kept(key, found))
        .recover(failure -> staleOr(key, String.valueOf(failure.getMessage())))
        .onComplete(result -> {
          vertx.cancelTimer(hurry);
          pending.remove(key);
          rooms.give(client);
          mine.answer.tryComplete(result.result()); // unless the old answer went out
        });
    return mine.answer.future();
  }

  private Resolved kept(ForwardKey key, UpstreamAsker.Found found) {
    if (found.mayBeKept()) {
      cache.put(key, found.reply(), System.nanoTime());
    }
    return new Resolved(found.reply(), found.why());
  }

  /** RFC 8767, section 5: an old answer after a while; the new one comes when it comes. */
  private long staleSoon(ForwardKey key, Pending mine) {
    return vertx.setTimer(
        PATIENCE.toMillis(),
        _ ->
            cache
                .stale(key, System.nanoTime())
                .ifPresent(old -> mine.answer.tryComplete(new Resolved(old, "stale"))));
  }

  Future<Void> stop() {
    return asker.stop();
  }

  private static String joined(String why) {
    return why.equals("forwarded") ? "joined" : why;
  }

  private Future<Resolved> staleOr(ForwardKey key, String why) {
    Optional<DnsReply> stale = cache.stale(key, System.nanoTime());
    return stale.isPresent()
        ? Future.succeededFuture(new Resolved(stale.get(), "stale"))
        : failed(why);
  }

  private static Future<Resolved> failed(String why) {
    return Future.succeededFuture(new Resolved(DnsReply.error(Rcode.SERVFAIL), why));
  }
}
