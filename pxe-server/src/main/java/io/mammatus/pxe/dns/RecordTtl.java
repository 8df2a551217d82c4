package io.mammatus.pxe.dns;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** The library has no way to give a record another time to live, but by its bytes. */
final class RecordTtl {

  private static final int TYPE_AND_CLASS = 4;

  private RecordTtl() {}

  static Record with(Record record, long seconds) {
    if (record.getTTL() == seconds) {
      return record;
    }
    byte[] octets = record.toWire(Section.ANSWER);
    ByteBuffer.wrap(octets).putInt(record.getName().length() + TYPE_AND_CLASS, (int) seconds);
    try {
      return Record.fromWire(octets, Section.ANSWER);
    } catch (IOException e) {
      throw new IllegalStateException("a record that was written cannot be read", e);
    }
  }
}
