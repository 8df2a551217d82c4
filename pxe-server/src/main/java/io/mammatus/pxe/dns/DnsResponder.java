package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import io.mammatus.pxe.trace.PacketVerdict.Outcome;
import io.mammatus.pxe.trace.PxeTrace;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * From a packet to the packet that answers it: decode, decide, act, encode, and a count of what
 * became of it. On one event loop.
 */
final class DnsResponder {

  private static final String PROTOCOL = "dns";
  private static final String MALFORMED = "malformed";

  /** Questions of one client that wait for others' answers. */
  private static final int MAX_WAITING_OF_CLIENT = 64;

  private final Supplier<Zones> zones;
  private final Forwarder forwarder;
  private final PxeTrace trace;
  private final RateLimiter inside;
  private final RateLimiter outside;
  private final RateLimiter faults;
  private final FairShare shares = new FairShare(MAX_WAITING_OF_CLIENT, Integer.MAX_VALUE);

  /** How a packet came, and how its answer goes. */
  enum Transport {
    UDP,
    TCP
  }

  DnsResponder(
      Supplier<Zones> zones, Forwarder forwarder, PxeTrace trace, RateLimits limits, int seed) {
    this.zones = zones;
    this.forwarder = forwarder;
    this.trace = trace;
    long now = System.nanoTime();
    this.inside = limits.insideLimiter(seed, now);
    this.outside = limits.outsideLimiter(seed, now);
    this.faults = limits.faultLimiter(seed, now);
  }

  /** Never fails; empty means silence. */
  Future<Optional<byte[]>> respond(byte[] packet, Ipv4 client, Transport transport) {
    return switch (QueryDecoder.decode(packet)) {
      case Received.Dropped(String reason) -> {
        trace.count(PROTOCOL, Outcome.IGNORED, MALFORMED, reason);
        yield silence();
      }
      case Received.Faulty faulty -> fault(faulty, client, transport);
      case Received.Query(DnsQuery query) -> answer(query, client, transport);
    };
  }

  private Future<Optional<byte[]>> fault(Received.Faulty faulty, Ipv4 client, Transport transport) {
    boolean send =
        transport == Transport.TCP
            || faults.admit(client.bits(), System.nanoTime()) == RateLimiter.Verdict.SEND;
    trace.count(PROTOCOL, send ? Outcome.ANSWERED : Outcome.IGNORED, MALFORMED, faulty.reason());
    return send ? Future.succeededFuture(Optional.of(ReplyEncoder.fault(faulty))) : silence();
  }

  private Future<Optional<byte[]>> answer(DnsQuery query, Ipv4 client, Transport transport) {
    Zones now = zones.get();
    boolean isInside = now.isInside(client);
    RateLimiter.Verdict verdict =
        transport == Transport.TCP
            ? RateLimiter.Verdict.SEND
            : isInside
                ? inside.admit(client.bits(), System.nanoTime())
                : outside.admit(client.bits() & 0xffffff00, System.nanoTime());
    return switch (verdict) {
      case DROP -> {
        trace.count(PROTOCOL, Outcome.IGNORED, what(query), "rate-limit");
        yield silence();
      }
      case SLIP -> {
        trace.count(PROTOCOL, Outcome.ANSWERED, what(query), "rate-limit-slip");
        yield Future.succeededFuture(
            Optional.of(ReplyEncoder.truncated(query, DnsReply.error(0), isInside)));
      }
      case SEND -> decide(query, client, now, transport);
    };
  }

  private Future<Optional<byte[]>> decide(
      DnsQuery query, Ipv4 client, Zones now, Transport transport) {
    boolean recursion = now.isInside(client);
    int limit = transport == Transport.UDP ? ReplyEncoder.udpLimit(query) : ReplyEncoder.MAX_TCP;
    return switch (DnsDecider.decide(query, client, now)) {
      case DnsDecision.Answer(DnsReply reply, String why) -> {
        trace.count(PROTOCOL, Outcome.ANSWERED, what(query), why);
        yield Future.succeededFuture(
            Optional.of(ReplyEncoder.encode(query, reply, recursion, limit)));
      }
      case DnsDecision.Forward(ForwardKey key) ->
          resolve(key, client)
              .map(found -> {
                boolean known = found.reply().rcode() != Rcode.SERVFAIL;
                trace.count(
                    PROTOCOL, known ? Outcome.ANSWERED : Outcome.FAILED, what(query), found.why());
                return Optional.of(
                    ReplyEncoder.encode(
                        query, spelt(found.reply(), query.name()), recursion, limit));
              });
    };
  }

  private Future<Forwarder.Resolved> resolve(ForwardKey key, Ipv4 client) {
    Optional<Forwarder.Resolved> known = forwarder.known(key);
    if (known.isPresent()) {
      return Future.succeededFuture(known.get());
    }
    return shares.take(client)
        ? forwarder.resolve(key, client).onComplete(_ -> shares.give(client))
        : Future.succeededFuture(
            new Forwarder.Resolved(DnsReply.error(Rcode.SERVFAIL), "too-many-of-one-client"));
  }

  private static Future<Optional<byte[]>> silence() {
    return Future.succeededFuture(Optional.empty());
  }

  /** With the names at and above the question's in the case that they were asked for in. */
  static DnsReply spelt(DnsReply reply, Name name) {
    return new DnsReply(
        reply.rcode(),
        reply.authoritative(),
        reply.authentic(),
        spelt(reply.answer(), name),
        spelt(reply.authority(), name));
  }

  private static List<Record> spelt(List<Record> records, Name name) {
    return records.stream()
        .map(record -> {
          Name owner = record.getName();
          return name.subdomain(owner)
              ? record.withName(new Name(name, name.labels() - owner.labels()))
              : record;
        })
        .toList();
  }

  private static String what(DnsQuery query) {
    return switch (query.type()) {
      case Type.A -> "A";
      case Type.AAAA -> "AAAA";
      case Type.PTR -> "PTR";
      case Type.SRV -> "SRV";
      case Type.TXT -> "TXT";
      case Type.HTTPS -> "HTTPS";
      case Type.NS, Type.SOA -> "ZONE";
      case Type.AXFR, Type.IXFR -> "TRANSFER";
      case Type.ANY -> "ANY";
      default -> "OTHER";
    };
  }
}
