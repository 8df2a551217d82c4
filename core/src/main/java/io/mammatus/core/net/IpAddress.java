package io.mammatus.core.net;

/** An IP address of either family; only IPv4 exists yet. */
public sealed interface IpAddress permits Ipv4 {

  /**
   * Reads an address in its family's usual text form.
   *
   * @throws IllegalArgumentException if the text is not an address
   */
  static IpAddress parse(String text) {
    return Ipv4.parse(text);
  }
}
