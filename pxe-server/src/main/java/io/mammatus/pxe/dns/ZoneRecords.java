package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;

/** The records that zones of ours are made of. */
final class ZoneRecords {

  /** What changes is seen by whoever asks again after that, in seconds. */
  static final long TTL = 60;

  /** How long "there is no such name" may be believed (RFC 2308, section 4): hosts come. */
  static final long NEGATIVE_TTL = 10;

  private static final long REFRESH = 3600;
  private static final long RETRY = 600;
  private static final long EXPIRE = 86400;

  private ZoneRecords() {}

  static Record a(Name name, Ipv4 address) {
    try {
      return new ARecord(name, DClass.IN, TTL, InetAddress.getByAddress(address.octets()));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four octets are an address", e);
    }
  }

  static Record ptr(Name name, Name target) {
    return new PTRRecord(name, DClass.IN, TTL, target);
  }

  static Record ns(Name zone, Name server) {
    return new NSRecord(zone, DClass.IN, TTL, server);
  }

  /** Nobody transfers the zone, so that nothing but a curious person reads the serial number. */
  static Record soa(Name zone, Name server, Name mailbox, long serial) {
    return new SOARecord(
        zone,
        DClass.IN,
        NEGATIVE_TTL,
        server,
        mailbox,
        serial & 0xffffffffL,
        REFRESH,
        RETRY,
        EXPIRE,
        NEGATIVE_TTL);
  }

  /** One label before a zone's name. */
  static Name below(String label, Name zone) {
    try {
      return Name.concatenate(Name.fromConstantString(label), zone);
    } catch (NameTooLongException e) {
      throw new IllegalStateException(zone + " leaves no room for hosts", e);
    }
  }
}
