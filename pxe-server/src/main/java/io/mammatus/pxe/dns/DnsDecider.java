package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.HINFORecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * What a question is answered: a pure function. Of the cloud's own zones anybody may ask;
 * everything else is for those within.
 */
final class DnsDecider {

  private static final Name LOCALHOST = Name.fromConstantString("localhost.");
  private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");

  /** RFC 6761, section 6.4; RFC 7686, section 2; RFC 6762, section 22.1: never asked of others. */
  private static final List<Name> NOWHERE =
      List.of(
          Name.fromConstantString("invalid."),
          Name.fromConstantString("onion."),
          Name.fromConstantString("local."));

  /** RFC 8482, section 4.2. */
  private static final long ANY_TTL = 3789;

  private DnsDecider() {}

  static DnsDecision decide(DnsQuery query, Ipv4 client, Zones zones) {
    if (query.edns().filter(edns -> edns.version() != 0).isPresent()) {
      return refuse(Rcode.BADVERS, "edns-version"); // RFC 6891, section 6.1.3
    }
    if (query.dclass() != DClass.IN) {
      return refuse(Rcode.REFUSED, "class");
    }
    if (query.type() == Type.AXFR || query.type() == Type.IXFR) {
      return refuse(Rcode.REFUSED, "zone-transfer");
    }
    if (query.type() == 0 || query.type() == Type.OPT || isMeta(query.type())) {
      return refuse(Rcode.NOTIMP, "meta-type");
    }
    return switch (zones.lookup(query.name(), query.type(), client)) {
      case ZoneAnswer.Found(List<Record> records) ->
          answer(Rcode.NOERROR, records, List.of(), "zone");
      case ZoneAnswer.NoData(Record soa) ->
          answer(Rcode.NOERROR, List.of(), List.of(soa), "zone-no-data");
      case ZoneAnswer.NoSuchName(Record soa) ->
          answer(Rcode.NXDOMAIN, List.of(), List.of(soa), "zone-no-such-name");
      case ZoneAnswer.NotOurs _ -> elsewhere(query, zones.isInside(client));
    };
  }

  /** RFC 6895, section 3.1: 128 to 255 are no data; ANY is answered all the same. */
  private static boolean isMeta(int type) {
    return type >= 128 && type <= 254;
  }

  private static DnsDecision elsewhere(DnsQuery query, boolean inside) {
    if (!inside) {
      return refuse(Rcode.REFUSED, "stranger");
    }
    if (query.name().subdomain(LOCALHOST)) {
      return localhost(query);
    }
    for (Name nowhere : NOWHERE) {
      if (query.name().subdomain(nowhere)) {
        return answer(Rcode.NXDOMAIN, List.of(), List.of(), "nowhere");
      }
    }
    if (!query.recursionDesired()) {
      // Whoever asks only what is known already learns what others asked for.
      return refuse(Rcode.REFUSED, "no-recursion-desired");
    }
    if (query.type() == Type.ANY) {
      Record minimal = new HINFORecord(query.name(), DClass.IN, ANY_TTL, "RFC8482", "");
      return new DnsDecision.Answer(
          new DnsReply(Rcode.NOERROR, false, false, List.of(minimal), List.of()), "any");
    }
    return new DnsDecision.Forward(
        new ForwardKey(
            query.name(),
            query.type(),
            query.dclass(),
            query.dnssecOk(),
            query.checkingDisabled()));
  }

  /** RFC 6761, section 6.3. */
  private static DnsDecision localhost(DnsQuery query) {
    List<Record> records =
        query.type() == Type.A || query.type() == Type.ANY
            ? List.of(ZoneRecords.a(query.name(), LOOPBACK))
            : List.of();
    return answer(Rcode.NOERROR, records, List.of(), "localhost");
  }

  private static DnsDecision refuse(int rcode, String why) {
    return new DnsDecision.Answer(DnsReply.error(rcode), why);
  }

  private static DnsDecision answer(
      int rcode, List<Record> records, List<Record> authority, String why) {
    return new DnsDecision.Answer(new DnsReply(rcode, true, false, records, authority), why);
  }
}
