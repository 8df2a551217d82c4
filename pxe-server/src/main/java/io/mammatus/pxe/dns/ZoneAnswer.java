package io.mammatus.pxe.dns;

import java.util.List;
import org.xbill.DNS.Record;

/** What the cloud's zones have for a name. */
sealed interface ZoneAnswer {

  /** The name belongs to no zone of the cloud. */
  record NotOurs() implements ZoneAnswer {}

  record Found(List<Record> records) implements ZoneAnswer {}

  /** The name is there, but with nothing of that type (RFC 2308, section 2.2). */
  record NoData(Record soa) implements ZoneAnswer {}

  /** There is no such name (RFC 2308, section 2.1). */
  record NoSuchName(Record soa) implements ZoneAnswer {}
}
