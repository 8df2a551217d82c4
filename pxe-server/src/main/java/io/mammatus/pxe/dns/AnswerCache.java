package io.mammatus.pxe.dns;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * Answers from elsewhere for as long as they last, and a day more for when nobody can be asked (RFC
 * 8767); bounded by number and by octets, what was not used for longest goes first. For one thread;
 * times are the caller's, in nanoseconds as {@link System#nanoTime} has them.
 */
final class AnswerCache {

  static final long STALE_SECONDS = 86_400;

  /** RFC 8767, section 4: what a stale answer is sent with. */
  static final long STALE_TTL = 30;

  private final int maxEntries;
  private final long maxOctets;
  private final Map<ForwardKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long octets;

  private record Entry(DnsReply reply, long since, long seconds, int octets) {
    long age(long now) {
      return (now - since) / 1_000_000_000L;
    }
  }

  AnswerCache(int maxEntries, long maxOctets) {
    this.maxEntries = maxEntries;
    this.maxOctets = maxOctets;
  }

  /** What is still good, with what is left of its times. */
  Optional<DnsReply> get(ForwardKey key, long now) {
    Entry entry = entries.get(key);
    if (entry == null || entry.age(now) >= entry.seconds) {
      return Optional.empty();
    }
    long age = entry.age(now);
    return Optional.of(
        aged(entry.reply, ttl -> Math.max(0, Math.min(ttl, Integer.MAX_VALUE) - age)));
  }

  /** What was good within the last day. */
  Optional<DnsReply> stale(ForwardKey key, long now) {
    Entry entry = entries.get(key);
    return entry == null || entry.age(now) >= entry.seconds + STALE_SECONDS
        ? Optional.empty()
        : Optional.of(aged(entry.reply, _ -> STALE_TTL));
  }

  void put(ForwardKey key, DnsReply reply, long now) {
    OptionalLong seconds = CacheRules.keep(reply, key.type());
    if (seconds.isEmpty()) {
      return;
    }
    int size = size(reply);
    Entry before = entries.put(key, new Entry(reply, now, seconds.getAsLong(), size));
    octets += size - (before == null ? 0 : before.octets);
    Iterator<Entry> oldest = entries.values().iterator();
    while (entries.size() > maxEntries || octets > maxOctets) {
      octets -= oldest.next().octets;
      oldest.remove();
    }
  }

  int size() {
    return entries.size();
  }

  private static int size(DnsReply reply) {
    int total = 0;
    for (List<Record> section : List.of(reply.answer(), reply.authority())) {
      for (Record record : section) {
        total += record.toWire(Section.ANSWER).length;
      }
    }
    return total;
  }

  private static DnsReply aged(DnsReply reply, LongUnaryOperator ttl) {
    return new DnsReply(
        reply.rcode(),
        reply.authoritative(),
        reply.authentic(),
        aged(reply.answer(), ttl),
        aged(reply.authority(), ttl));
  }

  private static List<Record> aged(List<Record> records, LongUnaryOperator ttl) {
    return records.stream()
        .map(record -> RecordTtl.with(record, ttl.applyAsLong(record.getTTL())))
        .toList();
  }
}
