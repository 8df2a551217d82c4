package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;

/**
 * A name server that is asked for what is not ours, such as {@code 10.0.0.53} or {@code
 * 127.0.0.1:5353}.
 *
 * @param port 1 to 65535
 */
public record Upstream(Ipv4 address, int port) {

  static final int DNS_PORT = 53;

  public Upstream {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
  }

  /**
   * Reads an address, and a port after a colon if it is another than 53.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Upstream parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return new Upstream(Ipv4.parse(text), DNS_PORT);
    }
    String port = text.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("not an address and port (like 10.0.0.53:53): " + text);
    }
    return new Upstream(Ipv4.parse(text.substring(0, colon)), Integer.parseInt(port));
  }

  @Override
  public String toString() {
    return port == DNS_PORT ? address.toString() : address + ":" + port;
  }
}
