package io.mammatus.pxe.dns;

import java.io.IOException;
import java.util.Optional;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Bytes in, a question or a reason out (RFC 1035, section 4; RFC 6891). */
final class QueryDecoder {

  /** A question with options fits in a fraction of it; what is longer is no question. */
  static final int MAX_QUERY = 2048;

  private QueryDecoder() {}

  static Received decode(byte[] packet) {
    if (packet.length < WireGuard.HEADER) {
      return new Received.Dropped("short");
    }
    int flags = WireGuard.u16(packet, 2);
    if ((flags & 0x8000) != 0) {
      return new Received.Dropped("not-a-query");
    }
    int opcode = flags >> 11 & 0xf;
    if (opcode != Opcode.QUERY) {
      return faulty(packet, Rcode.NOTIMP, "opcode");
    }
    if ((flags & 0x200) != 0) {
      // With TC set, the library takes whatever it understood until the first error.
      return faulty(packet, Rcode.FORMERR, "cut-off");
    }
    if (packet.length > MAX_QUERY) {
      return faulty(packet, Rcode.FORMERR, "oversized");
    }
    Optional<String> refused = WireGuard.refuseQuery(packet);
    return refused.isPresent() ? faulty(packet, Rcode.FORMERR, refused.get()) : parse(packet);
  }

  private static Received parse(byte[] packet) {
    Message message;
    try {
      message = new Message(packet);
    } catch (IOException | RuntimeException e) {
      // The guard looks at the frame only; an option may still contradict itself.
      return faulty(packet, Rcode.FORMERR, "unparsable");
    }
    Record question = message.getQuestion();
    OPTRecord opt = null;
    for (Record record : message.getSection(Section.ADDITIONAL)) {
      if (record instanceof OPTRecord one) {
        if (opt != null) {
          return faulty(packet, Rcode.FORMERR, "two-opt"); // RFC 6891, section 6.1.1
        }
        opt = one;
      } else if (record.getType() != Type.TSIG && record.getType() != Type.SIG) {
        return faulty(packet, Rcode.FORMERR, "stray-record");
      }
    }
    if (question == null) {
      return faulty(packet, Rcode.FORMERR, "unparsable");
    }
    Header header = message.getHeader();
    return new Received.Query(
        new DnsQuery(
            header.getID(),
            question.getName(),
            question.getType(),
            question.getDClass(),
            header.getFlag(Flags.RD),
            header.getFlag(Flags.CD),
            Optional.ofNullable(opt).map(QueryDecoder::edns)));
  }

  private static DnsQuery.Edns edns(OPTRecord opt) {
    return new DnsQuery.Edns(
        opt.getVersion(), opt.getPayloadSize(), (opt.getFlags() & ExtendedFlags.DO) != 0);
  }

  private static Received faulty(byte[] packet, int rcode, String reason) {
    int flags = WireGuard.u16(packet, 2);
    return new Received.Faulty(
        WireGuard.u16(packet, 0), flags >> 11 & 0xf, (flags & 0x100) != 0, rcode, reason);
  }
}
