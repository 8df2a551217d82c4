package io.mammatus.core.net;

import java.util.HexFormat;

/**
 * A 48-bit IEEE 802 MAC address.
 *
 * @param bits the address in the low 48 bits, first octet highest
 */
public record Mac(long bits) implements Comparable<Mac> {

  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  public Mac {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException("a MAC address has 48 bits");
    }
  }

  /**
   * Reads {@code 52:54:00:12:34:56}, with colons or hyphens, in either case.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Mac parse(String text) {
    try {
      byte[] octets = COLONS.parseHex(text.replace('-', ':'));
      if (octets.length == 6) {
        return of(octets, 0);
      }
    } catch (IllegalArgumentException e) {
      // reported below, with the whole text
    }
    throw new IllegalArgumentException("not a MAC address (like 52:54:00:12:34:56): " + text);
  }

  /** Takes six octets of {@code octets} from {@code offset}. */
  public static Mac of(byte[] octets, int offset) {
    long bits = 0;
    for (int i = 0; i < 6; i++) {
      bits = bits << 8 | octets[offset + i] & 0xff;
    }
    return new Mac(bits);
  }

  /** The six octets, first octet first. */
  public byte[] octets() {
    byte[] octets = new byte[6];
    for (int i = 0; i < 6; i++) {
      octets[i] = (byte) (bits >>> (40 - 8 * i));
    }
    return octets;
  }

  /** Whether the I/G bit is set: a group address is never a sender (IEEE 802, clause 8). */
  public boolean isGroup() {
    return (bits >>> 40 & 1) == 1;
  }

  /** Lower-case hexadecimal with hyphens, as pxelinux's and iPXE's BOOTIF want it. */
  public String hyphenated() {
    return toString().replace(':', '-');
  }

  @Override
  public int compareTo(Mac other) {
    return Long.compare(bits, other.bits);
  }

  @Override
  public String toString() {
    return COLONS.formatHex(octets());
  }
}
