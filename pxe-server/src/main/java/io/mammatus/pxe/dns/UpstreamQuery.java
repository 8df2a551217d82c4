package io.mammatus.pxe.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 */
record UpstreamQuery(ForwardKey key, int id, Name name) {

  /** Longer answers than that are for other purposes than running a rack. */
  static final int MAX_RESPONSE = 16 * 1024;

  /** What a packet from an upstream is. */
  sealed interface Outcome {
    record Answer(DnsReply reply) implements Outcome {}

    /** To be asked again by TCP: cut off, or the case of the name was not kept. */
    record ByTcp() implements Outcome {}

    /** It is the answer, and it is none: somebody else may do better. */
    record Failed(String reason) implements Outcome {}

    /** It belongs to another question. */
    record Stray() implements Outcome {}
  }

  static UpstreamQuery of(ForwardKey key, int id, BooleanSupplier coin) {
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
      return new UpstreamQuery(key, id, new Name(octets));
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
    message.addRecord(
        new OPTRecord(ReplyEncoder.EDNS_UDP, 0, 0, key.dnssecOk() ? ExtendedFlags.DO : 0),
        Section.ADDITIONAL);
    return message.toWire(ReplyEncoder.PLAIN_UDP);
  }

  Outcome outcome(byte[] packet, boolean tcp) {
    if (packet.length < WireGuard.HEADER
        || WireGuard.u16(packet, 0) != id
        || (packet[2] & 0x80) == 0) {
      return new Outcome.Stray();
    }
    boolean cut = (packet[2] & 0x02) != 0;
    int rcode = packet[3] & 0xf;
    if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
      return new Outcome.Failed("upstream-" + word(rcode));
    }
    if (cut && !tcp) {
      return new Outcome.ByTcp();
    }
    Optional<String> refused = WireGuard.refuseResponse(packet);
    if (refused.isPresent() || packet.length > MAX_RESPONSE) {
      return new Outcome.Failed("upstream-malformed");
    }
    try {
      return outcome(new Message(packet), tcp);
    } catch (IOException | RuntimeException e) {
      return new Outcome.Failed("upstream-malformed");
    }
  }

  private Outcome outcome(Message message, boolean tcp) throws IOException {
    Record question = message.getQuestion();
    if (question.getType() != key.type()
        || question.getDClass() != key.dclass()
        || !question.getName().equals(name)) {
      return new Outcome.Stray();
    }
    if (!tcp && !java.util.Arrays.equals(question.getName().toWire(), name.toWire())) {
      return new Outcome.ByTcp();
    }
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
