package io.mammatus.pxe.dns;

import java.util.Optional;

/**
 * Looks over a message before the library parses it, and lets only those through that cost little:
 * the library believes the header's counts and reserves room for them, takes a message as whole
 * that ends early when TC is set, and follows a pointer to a pointer to a pointer.
 *
 * <p>Of compression (RFC 1035, section 4.1.4) it allows what compressors make: a pointer backwards,
 * to a label.
 */
final class WireGuard {

  static final int HEADER = 12;

  /** As many addresses as the longest answer has room for. */
  static final int MAX_RECORDS = 4096;

  private static final int QUESTION = 5;
  private static final int RECORD = 11;
  private static final int MAX_NAME = 255;

  private final byte[] octets;
  private int at = HEADER;

  private WireGuard(byte[] octets) {
    this.octets = octets;
  }

  /** What a question is: one question, no answer, at most an OPT and a signature, uncompressed. */
  static Optional<String> refuseQuery(byte[] octets) {
    return new WireGuard(octets).query();
  }

  /** A response of at most {@link #MAX_RECORDS} records that fills the packet exactly. */
  static Optional<String> refuseResponse(byte[] octets) {
    return new WireGuard(octets).response();
  }

  /** Sixteen bits; for callers that know that they are there. */
  static int u16(byte[] octets, int offset) {
    return (octets[offset] & 0xff) << 8 | octets[offset + 1] & 0xff;
  }

  private Optional<String> query() {
    if (count(0) != 1) {
      return Optional.of("not-one-question");
    }
    if (count(1) != 0 || count(2) != 0) {
      return Optional.of("records-in-a-question");
    }
    if (count(3) > 2) {
      return Optional.of("too-many-records");
    }
    if (!name(false) || !skip(4)) {
      return Optional.of("bad-question");
    }
    for (int i = 0; i < count(3); i++) {
      if (at >= octets.length || octets[at] != 0) {
        return Optional.of("bad-additional-name"); // both OPT and SIG(0) belong to the root
      }
      if (!record()) {
        return Optional.of("bad-additional");
      }
    }
    return at == octets.length ? Optional.empty() : Optional.of("trailing-octets");
  }

  private Optional<String> response() {
    if (octets.length < HEADER) {
      return Optional.of("short");
    }
    int records = count(1) + count(2) + count(3);
    if (count(0) != 1) {
      return Optional.of("not-one-question");
    }
    if (records > MAX_RECORDS || HEADER + QUESTION + records * RECORD > octets.length) {
      return Optional.of("too-many-records");
    }
    if (!name(false) || !skip(4)) {
      return Optional.of("bad-question");
    }
    for (int i = 0; i < records; i++) {
      if (!record()) {
        return Optional.of("bad-record");
      }
    }
    return at == octets.length ? Optional.empty() : Optional.of("trailing-octets");
  }

  private int count(int section) {
    return u16(octets, 4 + 2 * section);
  }

  private boolean skip(int length) {
    at += length;
    return at <= octets.length;
  }

  private boolean record() {
    if (!name(true) || !skip(10)) {
      return false;
    }
    int type = u16(octets, at - 10);
    int end = at + u16(octets, at - 2);
    if (end > octets.length) {
      return false;
    }
    boolean good =
        switch (type) {
          // RFC 1035: the types whose names may be compressed; RFC 3597, section 4, adds none.
          case 2, 3, 4, 5, 7, 8, 9, 12 -> name(true);
          case 6, 14 -> twoNames();
          case 15 -> skip(2) && name(true);
          case 33 -> skip(6) && name(true); // SRV, which RFC 3597 wants understood all the same
          default -> true;
        };
    boolean inside = at <= end;
    at = end;
    return good && inside;
  }

  private boolean twoNames() {
    boolean first = name(true);
    return first && name(true);
  }

  /** Walks over a name and, on the side, along its pointers. */
  private boolean name(boolean pointers) {
    int length = 0;
    int read = at;
    boolean jumped = false;
    while (read < octets.length) {
      int octet = octets[read] & 0xff;
      if (octet >= 0xc0) {
        if (!pointers || read + 1 >= octets.length) {
          return false;
        }
        int target = (octet & 0x3f) << 8 | octets[read + 1] & 0xff;
        if (target >= read || target < HEADER || (octets[target] & 0xc0) != 0) {
          return false;
        }
        at = jumped ? at : read + 2;
        jumped = true;
        read = target;
      } else if (octet > 63) {
        return false; // RFC 6891, section 5: the other label types came to nothing
      } else {
        length += octet + 1;
        read += octet + 1;
        if (length > MAX_NAME) {
          return false;
        }
        if (octet == 0) {
          at = jumped ? at : read;
          return true;
        }
      }
    }
    return false;
  }
}
