package io.mammatus.pxe.dns;

import io.mammatus.pxe.dns.UpstreamExchange.NoAnswer;
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
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Asks the upstreams one after the other, and once more those that said nothing. The fallback is
 * asked when all of them are away: cannot be reached, or say nothing to two different questions.
 * One that is slow with one name is not away, and what it says of a name is what is told, also if
 * that is SERVFAIL. On the event loop that makes it.
 */
final class UpstreamAsker {

  /** One that was away is given so long before the fallback is asked. */
  private static final Duration GLANCE = Duration.ofMillis(400);

  /** What every name server answers somehow, and tells nobody anything. */
  private static final ForwardKey ARE_YOU_THERE =
      new ForwardKey(Name.root, Type.SOA, DClass.IN, false, false);

  private final Vertx vertx;
  private final NetClient tcp;
  private final Upstreams upstreams;
  private final SecureRandom random = new SecureRandom();
  private final Map<Upstream, Promise<Void>> probes = new HashMap<>();

  /**
   * An answer.
   *
   * @param why one of a few words, fit for a counter's label
   * @param mayBeKept whether it is true for longer than the outage that it comes from
   */
  record Found(DnsReply reply, String why, boolean mayBeKept) {}

  UpstreamAsker(Vertx vertx, Upstreams upstreams) {
    this.vertx = vertx;
    this.upstreams = upstreams;
    this.tcp =
        vertx.createNetClient(
            new NetClientOptions()
                .setConnectTimeout((int) UpstreamExchange.TCP_WAIT.toMillis())
                .setReconnectAttempts(0));
  }

  Future<Void> stop() {
    return tcp.close();
  }

  /** Fails with {@link NoAnswer}, and with nothing else. */
  Future<Found> ask(ForwardKey key) {
    List<Upstream> order = upstreams.inOrder();
    Optional<Upstream> last = upstreams.fallback().filter(_ -> !LocalNames.isLocal(key));
    if (order.isEmpty() && LocalNames.isLocal(key)) {
      return Future.succeededFuture(new Found(DnsReply.error(Rcode.NXDOMAIN), "local-name", false));
    }
    Inquiry inquiry = new Inquiry(key);
    boolean glance = last.isPresent() && upstreams.areAllAway();
    Duration patience = glance ? GLANCE : UpstreamExchange.UDP_WAIT;
    return each(inquiry, order.iterator(), patience)
        .recover(failure -> glance ? Future.failedFuture(failure) : again(inquiry, patience))
        .map(reply -> new Found(reply, "forwarded", true))
        .recover(failure ->
            last.isPresent() && !inquiry.isAnswered()
                ? fallBack(inquiry, last.get())
                : Future.failedFuture(failure));
  }

  private Future<DnsReply> again(Inquiry inquiry, Duration patience) {
    return each(inquiry, inquiry.silent().iterator(), patience);
  }

  private Future<DnsReply> each(Inquiry inquiry, Iterator<Upstream> order, Duration patience) {
    if (!order.hasNext() || inquiry.isLate()) {
      return Future.failedFuture(inquiry.failure());
    }
    Upstream upstream = order.next();
    return one(inquiry.key, upstream, patience)
        .onSuccess(_ -> upstreams.answered(upstream))
        .recover(failure -> {
          noted(upstream, NoAnswer.of(failure));
          inquiry.failed(upstream, NoAnswer.of(failure));
          return each(inquiry, order, patience);
        });
  }

  private void noted(Upstream upstream, NoAnswer why) {
    switch (why.kind()) {
      case SILENT -> probe(upstream);
      case UNREACHABLE -> upstreams.away(upstream);
      case ANSWERED, NO_EDNS -> upstreams.answered(upstream);
    }
  }

  /** Tells a server that is away from one that is slow with a name; one at a time. */
  private void probe(Upstream upstream) {
    if (probes.containsKey(upstream)) {
      return;
    }
    Promise<Void> probed = Promise.promise();
    probes.put(upstream, probed);
    long before = upstreams.answers(upstream);
    exchange(ARE_YOU_THERE, upstream, false, UpstreamExchange.UDP_WAIT)
        .onComplete(asked -> {
          if (asked.succeeded() || NoAnswer.of(asked.cause()).kind() == NoAnswer.Kind.ANSWERED) {
            upstreams.answered(upstream);
          } else if (upstreams.answers(upstream) == before) {
            upstreams.away(upstream);
          }
          probes.remove(upstream);
          probed.complete();
        });
  }

  /** What it says of what is not there is not kept: the upstreams may know better when back. */
  private Future<Found> fallBack(Inquiry inquiry, Upstream last) {
    // Who is known to be away is not waited for.
    List<Future<Void>> unsettled =
        upstreams.areAllAway() ? List.of() : probes.values().stream().map(Promise::future).toList();
    return Future.all(unsettled)
        .compose(_ ->
            upstreams.areAllAway()
                ? each(inquiry, List.of(last, last).iterator(), UpstreamExchange.UDP_WAIT)
                : Future.failedFuture(inquiry.failure()))
        .map(reply ->
            new Found(reply, "fallback", CacheRules.isPositive(reply, inquiry.key.type())));
  }

  /** RFC 6891, section 6.2.2: who does not know OPT is asked without it. */
  private Future<DnsReply> one(ForwardKey key, Upstream upstream, Duration patience) {
    boolean edns = upstreams.takesEdns(upstream, System.nanoTime());
    return exchange(key, upstream, edns, patience)
        .recover(failure ->
            NoAnswer.of(failure).kind() == NoAnswer.Kind.NO_EDNS
                ? exchange(key, upstream, false, patience)
                    .onSuccess(_ -> upstreams.knowsNoEdns(upstream, System.nanoTime()))
                : Future.failedFuture(failure));
  }

  private Future<DnsReply> exchange(
      ForwardKey key, Upstream upstream, boolean edns, Duration patience) {
    UpstreamQuery query = UpstreamQuery.of(key, random.nextInt(1 << 16), random::nextBoolean, edns);
    return UpstreamExchange.run(vertx, tcp, query, upstream, patience);
  }
}
