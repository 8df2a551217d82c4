package io.mammatus.pxe.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/**
 * A question as it is sent on, and what comes back for it. Whoever wants to forge an answer has to
 * guess the port, the identifier and the name's upper and lower case
 * (draft-vixie-dnsext-dns0x20-00), and the address is the kernel's to check.
 *
 * @param name with letters in either case at random
 * @param edns whether it says what EDNS says
 */
record UpstreamQuery(ForwardKey key, int id, Name name, boolean edns) {

  /** What a packet from an upstream is. */
  sealed interface Outcome {
    record Answer(DnsReply reply) implements Outcome {}

    /** To be asked again by TCP: cut off, or the case of the name was not kept. */
    record ByTcp() implements Outcome {}

    /** To be asked again without OPT: it does not know that (RFC 6891, section 6.2.2). */
    record WithoutEdns() implements Outcome {}

    /** It is the answer, and it is none: somebody else may do better. */
    record Failed(String reason) implements Outcome {}

    /** It belongs to another question. */
    record Stray() implements Outcome {}
  }

  static UpstreamQuery of(ForwardKey key, int id, BooleanSupplier coin, boolean edns) {
    byte[] octets = key.name().toWire();
    for (int at = 0; octets[at] != 0; at += octets[at] + 1) {
      for (int i = at + 1; i <= at + octets[at]; i++) {
        int letter = octets[i] | 0x20;
        if (letter >= 'a' && letter <= 'z' && coin.getAsBoolean()) {
          octets[i] ^= 0x20;
        }
      }
    }
    try {
      return new UpstreamQuery(key, id, new Name(octets), edns);
    } catch (IOException e) {
      throw new IllegalStateException("a name in another case is a name", e);
    }
  }

  byte[] encode() {
    Message message = new Message(id);
    message.getHeader().setFlag(Flags.RD);
    if (key.checkingDisabled()) {
      message.getHeader().setFlag(Flags.CD);
    }
    message.addRecord(Record.newRecord(name, key.type(), key.dclass()), Section.QUESTION);
    if (edns) {
      message.addRecord(
          new OPTRecord(ReplyEncoder.EDNS_UDP, 0, 0, key.dnssecOk() ? ExtendedFlags.DO : 0),
          Section.ADDITIONAL);
    }
    return message.toWire(ReplyEncoder.PLAIN_UDP);
  }

  Outcome outcome(byte[] packet, boolean tcp) {
    if (packet.length < WireGuard.HEADER
        || WireGuard.u16(packet, 0) != id
        || (packet[2] & 0xf8) != 0x80) { // a response to a plain question
      return new Outcome.Stray();
    }
    if (packet.length == WireGuard.HEADER && WireGuard.u16(packet, 4) == 0) {
      return bare(packet[3] & 0xf, tcp);
    }
    if (!isAsked(packet)) {
      return new Outcome.Stray();
    }
    if (!tcp && !isSpeltAlike(packet)) {
      return new Outcome.ByTcp();
    }
    int rcode = packet[3] & 0xf;
    if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
      return error(rcode);
    }
    boolean cut = (packet[2] & 0x02) != 0;
    return cut && !tcp ? new Outcome.ByTcp() : parsed(packet);
  }

  /**
   * A header and nothing else: so some answer what they do not understand. Whoever guesses the
   * identifier can send it, so that by UDP it makes us ask again in older words and no more.
   */
  private Outcome bare(int rcode, boolean tcp) {
    if (edns && (rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP)) {
      return new Outcome.WithoutEdns();
    }
    return tcp ? new Outcome.Failed("upstream-" + word(rcode)) : new Outcome.Stray();
  }

  private Outcome error(int rcode) {
    return edns && (rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP)
        ? new Outcome.WithoutEdns()
        : new Outcome.Failed("upstream-" + word(rcode));
  }

  /** Whether it repeats the question, whatever its letters' case. */
  private boolean isAsked(byte[] packet) {
    byte[] asked = name.toWire();
    int end = WireGuard.HEADER + asked.length;
    if (WireGuard.u16(packet, 4) != 1 || packet.length < end + 4) {
      return false;
    }
    for (int i = 0; i < asked.length; i++) {
      // A length is less than any letter.
      if (lower(asked[i]) != lower(packet[WireGuard.HEADER + i])) {
        return false;
      }
    }
    return WireGuard.u16(packet, end) == key.type()
        && WireGuard.u16(packet, end + 2) == key.dclass();
  }

  private static int lower(byte octet) {
    return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
  }

  private boolean isSpeltAlike(byte[] packet) {
    byte[] asked = name.toWire();
    return Arrays.equals(
        asked, 0, asked.length, packet, WireGuard.HEADER, WireGuard.HEADER + asked.length);
  }

  private Outcome parsed(byte[] packet) {
    if (WireGuard.refuseResponse(packet).isPresent()) {
      return new Outcome.Failed("upstream-malformed");
    }
    try {
      return answer(new Message(packet));
    } catch (IOException | RuntimeException e) {
      return new Outcome.Failed("upstream-malformed");
    }
  }

  private static Outcome answer(Message message) throws IOException {
    if (message.getRcode() > 0xf) {
      return new Outcome.Failed("upstream-error");
    }
    Header header = message.getHeader();
    return new Outcome.Answer(
        new DnsReply(
            header.getRcode(),
            false,
            header.getFlag(Flags.AD),
            plain(message, Section.ANSWER),
            plain(message, Section.AUTHORITY)));
  }

  /**
   * The records, none of which may be a pseudo-record. Each is written and read once: some that the
   * library reads it cannot write (a WKS record without ports, for one), and then the answer could
   * not be passed on.
   */
  private static List<Record> plain(Message message, int section) throws IOException {
    List<Record> records = new ArrayList<>();
    for (Record record : message.getSection(section)) {
      if (record.getType() == Type.OPT || record.getType() == Type.TSIG) {
        throw new WireParseException("a pseudo-record among the data");
      }
      records.add(Record.fromWire(record.toWire(Section.ANSWER), Section.ANSWER));
    }
    return records;
  }

  private static String word(int rcode) {
    return switch (rcode) {
      case Rcode.SERVFAIL -> "servfail";
      case Rcode.REFUSED -> "refused";
      case Rcode.FORMERR -> "formerr";
      case Rcode.NOTIMP -> "notimp";
      default -> "error";
    };
  }
}
