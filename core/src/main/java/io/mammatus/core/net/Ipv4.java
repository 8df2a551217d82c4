package io.mammatus.core.net;

/**
 * An IPv4 address.
 *
 * @param bits the address as 32 bits, first octet highest
 */
public record Ipv4(int bits) implements IpAddress, Comparable<Ipv4> {

  /** {@code 0.0.0.0}: the source of a client that has no address (RFC 2131, section 4.1). */
  public static final Ipv4 ANY = new Ipv4(0);

  /** {@code 255.255.255.255}: limited broadcast (RFC 919). */
  public static final Ipv4 BROADCAST = new Ipv4(-1);

  /**
   * Reads dotted decimal: exactly four numbers from 0 to 255 without leading zeros.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Ipv4 parse(String text) {
    String[] parts = text.split("\\.", -1);
    int bits = 0;
    boolean good = parts.length == 4;
    for (int i = 0; good && i < 4; i++) {
      good = isOctet(parts[i]);
      bits = good ? bits << 8 | Integer.parseInt(parts[i]) : 0;
    }
    if (!good) {
      throw new IllegalArgumentException("not an IPv4 address (like 10.0.0.1): " + text);
    }
    return new Ipv4(bits);
  }

  private static boolean isOctet(String part) {
    return part.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(part) <= 255;
  }

  /** Takes four octets of {@code octets} from {@code offset}. */
  public static Ipv4 of(byte[] octets, int offset) {
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits = bits << 8 | octets[offset + i] & 0xff;
    }
    return new Ipv4(bits);
  }

  /** The four octets, first octet first. */
  public byte[] octets() {
    return new byte[] {
      (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
    };
  }

  /** The address {@code n} further on; wraps at the end of the address space. */
  public Ipv4 plus(int n) {
    return new Ipv4(bits + n);
  }

  public boolean isAny() {
    return bits == 0;
  }

  @Override
  public int compareTo(Ipv4 other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 0xff)
        + "."
        + (bits >>> 8 & 0xff)
        + "."
        + (bits & 0xff);
  }
}
