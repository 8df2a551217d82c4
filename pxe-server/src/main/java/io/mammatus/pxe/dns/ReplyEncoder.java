package io.mammatus.pxe.dns;

import java.util.List;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Answers as bytes, with names compressed; what is too long for UDP says so instead. */
final class ReplyEncoder {

  /** Without EDNS (RFC 1035, section 4.2.1). */
  static final int PLAIN_UDP = 512;

  /** Fits any path without fragments; fragments are lost, or forged (the DNS flag day of 2020). */
  static final int EDNS_UDP = 1232;

  static final int MAX_TCP = 65535;

  /** Of the root, without data (RFC 1035, section 4.1.3). */
  private static final int SHORTEST_RECORD = 11;

  private ReplyEncoder() {}

  /** The longest answer that a question over UDP may get. */
  static int udpLimit(DnsQuery query) {
    return query
        .edns()
        .map(edns -> Math.clamp(edns.payload(), PLAIN_UDP, EDNS_UDP))
        .orElse(PLAIN_UDP);
  }

  /**
   * @param recursion RA: whether the asker may ask for names that are not ours
   * @param limit octets; a longer answer becomes an empty one with TC, and the asker comes by TCP
   */
  static byte[] encode(DnsQuery query, DnsReply reply, boolean recursion, int limit) {
    if ((reply.answer().size() + reply.authority().size()) * SHORTEST_RECORD > limit) {
      return truncated(query, reply, recursion); // thousands are not written for nothing
    }
    byte[] whole = message(query, reply, recursion, false).toWire(MAX_TCP);
    return whole.length <= limit ? whole : truncated(query, reply, recursion);
  }

  /** No answer but "come by TCP". */
  static byte[] truncated(DnsQuery query, DnsReply reply, boolean recursion) {
    DnsReply empty =
        new DnsReply(reply.rcode(), reply.authoritative(), reply.authentic(), List.of(), List.of());
    return message(query, empty, recursion, true).toWire(MAX_TCP);
  }

  /** A header and nothing else. */
  static byte[] fault(Received.Faulty faulty) {
    Header header = new Header(faulty.id());
    header.setFlag(Flags.QR);
    header.setOpcode(faulty.opcode());
    header.setRcode(faulty.rcode());
    if (faulty.recursionDesired()) {
      header.setFlag(Flags.RD);
    }
    return header.toWire();
  }

  private static Message message(
      DnsQuery query, DnsReply reply, boolean recursion, boolean truncated) {
    Message message = new Message(query.id());
    Header header = message.getHeader();
    header.setFlag(Flags.QR);
    header.setRcode(reply.rcode() & 0xf);
    set(header, Flags.AA, reply.authoritative());
    set(header, Flags.TC, truncated);
    set(header, Flags.RD, query.recursionDesired());
    set(header, Flags.RA, recursion);
    set(header, Flags.AD, reply.authentic());
    set(header, Flags.CD, query.checkingDisabled());
    message.addRecord(Record.newRecord(query.name(), query.type(), query.dclass()), 0);
    reply.answer().forEach(record -> message.addRecord(record, Section.ANSWER));
    reply.authority().forEach(record -> message.addRecord(record, Section.AUTHORITY));
    query
        .edns()
        .ifPresent(edns ->
            message.addRecord(
                new OPTRecord(
                    EDNS_UDP, reply.rcode() >> 4, 0, edns.dnssecOk() ? ExtendedFlags.DO : 0),
                Section.ADDITIONAL));
    return message;
  }

  private static void set(Header header, int flag, boolean on) {
    if (on) {
      header.setFlag(flag);
    }
  }
}
