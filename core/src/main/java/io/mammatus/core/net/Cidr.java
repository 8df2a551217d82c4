package io.mammatus.core.net;

/**
 * An IPv4 network in CIDR notation (RFC 4632), such as {@code 10.88.0.0/24}.
 *
 * @param address the network's own address: all host bits are zero
 * @param prefixLength bits of the prefix, 0 to 32
 */
public record Cidr(Ipv4 address, int prefixLength) {

  public Cidr {
    if (prefixLength < 0 || prefixLength > 32) {
      throw new IllegalArgumentException("a prefix length is 0 to 32, not " + prefixLength);
    }
    if ((address.bits() & ~mask(prefixLength)) != 0) {
      throw new IllegalArgumentException(
          address + "/" + prefixLength + " has bits set beyond its prefix");
    }
  }

  /**
   * Reads {@code 10.88.0.0/24}.
   *
   * @throws IllegalArgumentException if the text is not an address and a prefix length, or host
   *     bits are set
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,2}")) {
      throw new IllegalArgumentException("not a network (like 10.88.0.0/24): " + text);
    }
    return new Cidr(
        Ipv4.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  public boolean contains(Ipv4 candidate) {
    return (candidate.bits() & mask(prefixLength)) == address.bits();
  }

  /** Whether the two have an address in common. */
  public boolean overlaps(Cidr other) {
    return contains(other.address) || other.contains(address);
  }

  /** The subnet mask, as DHCP option 1 carries it (RFC 2132, section 3.3). */
  public Ipv4 netmask() {
    return new Ipv4(mask(prefixLength));
  }

  /** The directed broadcast address. */
  public Ipv4 broadcast() {
    return new Ipv4(address.bits() | ~mask(prefixLength));
  }

  private static int mask(int prefixLength) {
    return prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
  }

  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
