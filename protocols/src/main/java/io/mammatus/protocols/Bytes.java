package io.mammatus.protocols;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable run of octets with value equality, so that records can hold one. */
public final class Bytes {

  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] octets;

  private Bytes(byte[] octets) {
    this.octets = octets;
  }

  /** Copies all of {@code octets}. */
  public static Bytes of(byte... octets) {
    return octets.length == 0 ? EMPTY : new Bytes(octets.clone());
  }

  /** Copies {@code length} octets from {@code offset}. */
  public static Bytes of(byte[] octets, int offset, int length) {
    return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(octets, offset, offset + length));
  }

  /** Takes the array over without a copy: the caller promises never to write to it again. */
  public static Bytes owning(byte[] octets) {
    return new Bytes(octets);
  }

  /**
   * Reads hexadecimal digits; white space and colons between octets are skipped.
   *
   * @throws IllegalArgumentException if anything else is in the text
   */
  public static Bytes hex(String text) {
    return new Bytes(HexFormat.of().parseHex(text.replaceAll("[\\s:]", "")));
  }

  public int length() {
    return octets.length;
  }

  /** The octet at {@code index} as 0 to 255. */
  public int at(int index) {
    return octets[index] & 0xff;
  }

  /** A copy, free to be changed. */
  public byte[] toArray() {
    return octets.clone();
  }

  /** Copies all octets into {@code target} from {@code offset} on. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(octets, 0, target, offset, octets.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(octets, bytes.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(octets);
  }
}
