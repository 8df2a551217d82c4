package io.mammatus.pxe.dns;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Rcode;

/**
 * Finds out what others know: from the cache, or from the upstreams one after the other. Who asks
 * what is being asked already waits for the same answer. On the event loop that makes it.
 */
final class Forwarder {

  /** Questions under way: each has a socket. */
  static final int MAX_PENDING = 256;

  /** Who waits for one answer. */
  static final int MAX_WAITING = 256;

  /** No new try after that: clients ask again after five seconds (resolv.conf(5)). */
  private static final Duration LONGEST = Duration.ofMillis(4500);

  private static final Duration PATIENCE = Duration.ofMillis(1800);

  private static final int MAX_CACHED = 20_000;
  private static final long MAX_CACHED_OCTETS = 8L << 20;

  private final Vertx vertx;
  private final NetClient tcp;
  private final Upstreams upstreams;
  private final SecureRandom random = new SecureRandom();
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
    this.upstreams = upstreams;
    this.tcp =
        vertx.createNetClient(
            new NetClientOptions()
                .setConnectTimeout((int) UpstreamExchange.TCP_WAIT.toMillis())
                .setReconnectAttempts(0));
  }

  /** Never fails: not to know is SERVFAIL. */
  Future<Resolved> resolve(ForwardKey key) {
    Optional<DnsReply> cached = cache.get(key, System.nanoTime());
    if (cached.isPresent()) {
      return Future.succeededFuture(new Resolved(cached.get(), "cache"));
    }
    Pending same = pending.get(key);
    if (same != null) {
      return same.waiting++ < MAX_WAITING
          ? same.answer.future().map(found -> new Resolved(found.reply, joined(found.why)))
          : failed("too-many-waiting");
    }
    if (pending.size() >= MAX_PENDING) {
      return staleOr(key, "too-many-pending");
    }
    Pending mine = new Pending();
    pending.put(key, mine);
    long hurry = cache.stale(key, System.nanoTime()).isEmpty() ? -1 : staleSoon(key, mine);
    ask(key)
        .onSuccess(reply -> cache.put(key, reply, System.nanoTime()))
        .map(reply -> new Resolved(reply, "forwarded"))
        .recover(failure -> staleOr(key, String.valueOf(failure.getMessage())))
        .onComplete(result -> {
          vertx.cancelTimer(hurry);
          pending.remove(key);
          mine.answer.tryComplete(result.result()); // unless the old answer went out
        });
    return mine.answer.future();
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
    return tcp.close();
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

  /** Each of them once, and once more, as far as the time goes. */
  private Future<DnsReply> ask(ForwardKey key) {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    List<Upstream> order = upstreams.inOrder(System.nanoTime());
    if (order.isEmpty()) {
      return Future.failedFuture(new UpstreamExchange.NoAnswer("no-upstream"));
    }
    Iterator<Upstream> twice =
        java.util.stream.Stream.concat(order.stream(), order.stream()).iterator();
    return ask(key, twice, deadline);
  }

  private Future<DnsReply> ask(ForwardKey key, Iterator<Upstream> order, long deadline) {
    Upstream upstream = order.next();
    UpstreamQuery query = UpstreamQuery.of(key, random.nextInt(1 << 16), random::nextBoolean);
    return UpstreamExchange.run(vertx, tcp, query, upstream)
        .onSuccess(_ -> upstreams.answered(upstream))
        .recover(failure -> {
          upstreams.failed(upstream, System.nanoTime());
          long left = deadline - System.nanoTime();
          return order.hasNext() && left > 0
              ? ask(key, order, deadline)
              : Future.failedFuture(failure);
        });
  }
}
