package io.mammatus.core.resource;

import io.mammatus.core.net.Ipv4;

/**
 * Addresses from {@code first} to {@code last}, both included. Written {@code
 * 10.88.0.100-10.88.0.199}.
 */
public record AddressRange(Ipv4 first, Ipv4 last) {

  public AddressRange {
    if (first.compareTo(last) > 0) {
      throw new IllegalArgumentException("the range " + first + "-" + last + " is empty");
    }
  }

  /**
   * Reads {@code FIRST-LAST}.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static AddressRange parse(String text) {
    String[] ends = text.split("-", -1);
    if (ends.length != 2) {
      throw new IllegalArgumentException("not a range (like 10.88.0.10-10.88.0.99): " + text);
    }
    return new AddressRange(Ipv4.parse(ends[0].strip()), Ipv4.parse(ends[1].strip()));
  }

  public boolean contains(Ipv4 address) {
    return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
  }

  /** Whether the two have an address in common. */
  public boolean overlaps(AddressRange other) {
    return first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
  }

  /** How many addresses it has. */
  public long size() {
    return Integer.toUnsignedLong(last.bits()) - Integer.toUnsignedLong(first.bits()) + 1;
  }

  @Override
  public String toString() {
    return first + "-" + last;
  }
}
