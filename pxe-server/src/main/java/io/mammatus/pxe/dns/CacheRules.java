package io.mammatus.pxe.dns;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/** How long an answer may be kept: a pure function. */
final class CacheRules {

  static final long MAX_SECONDS = 86_400;

  /** RFC 2308, section 5: one to three hours have been found to work well. */
  static final long MAX_NEGATIVE_SECONDS = 3600;

  private CacheRules() {}

  /** Seconds; empty if it may not be kept. */
  static OptionalLong keep(DnsReply reply, int type) {
    if (isPositive(reply, type)) {
      return atLeastOne(ttls(reply.answer()).min().orElse(0), MAX_SECONDS);
    }
    if (reply.rcode() != Rcode.NOERROR && reply.rcode() != Rcode.NXDOMAIN) {
      return OptionalLong.empty();
    }
    // RFC 2308, sections 3 and 5: the lesser of the SOA record's own time and its MINIMUM; without
    // SOA it is not kept at all. A CNAME that leads to nothing does not outlive its own time.
    OptionalLong negative =
        reply.authority().stream()
            .filter(SOARecord.class::isInstance)
            .map(SOARecord.class::cast)
            .mapToLong(soa -> Math.min(soa.getTTL(), soa.getMinimum()))
            .min();
    return negative.isEmpty()
        ? negative
        : atLeastOne(
            LongStream.concat(LongStream.of(negative.getAsLong()), ttls(reply.answer()))
                .min()
                .orElse(0),
            MAX_NEGATIVE_SECONDS);
  }

  /** Whether there is what was asked for. */
  static boolean isPositive(DnsReply reply, int type) {
    return reply.rcode() == Rcode.NOERROR
        && reply.answer().stream().anyMatch(record -> record.getType() == type || type == Type.ANY);
  }

  private static LongStream ttls(List<Record> records) {
    // RFC 2181, section 8: with the highest bit set it counts as zero.
    return records.stream().mapToLong(Record::getTTL).map(ttl -> ttl > Integer.MAX_VALUE ? 0 : ttl);
  }

  private static OptionalLong atLeastOne(long seconds, long most) {
    return seconds < 1 ? OptionalLong.empty() : OptionalLong.of(Math.min(seconds, most));
  }
}
