package io.mammatus.platform.config;

import io.mammatus.core.net.Ipv4;

/**
 * A name or an IPv4 address by which a machine is reached, such as {@code cloud.example.org} or
 * {@code 10.20.0.1}.
 *
 * @param text as it is written
 */
public record HostName(String text) {

  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

  /** Of a DNS name without a dot at its end. */
  public static final String PATTERN = LABEL + "(\\." + LABEL + ")*";

  public HostName {
    // A last label of digits alone makes it an address (RFC 1123, section 2.1).
    if (text.matches("(.*\\.)?[0-9]+")) {
      Ipv4.parse(text);
    } else if (text.length() > 253 || !text.matches(PATTERN)) {
      throw new IllegalArgumentException(
          "not a name or an IPv4 address (like cloud.example.org or 10.20.0.1): " + text);
    }
  }

  /**
   * Reads a name or an address.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static HostName parse(String text) {
    return new HostName(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
