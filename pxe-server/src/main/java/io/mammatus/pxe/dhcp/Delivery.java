package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.dhcp4.DhcpMessage;

/** Where a reply goes (RFC 2131, section 4.1). */
public sealed interface Delivery {

  int SERVER_PORT = 67;
  int CLIENT_PORT = 68;

  /** To everybody on the link, port 68. */
  record Broadcast() implements Delivery {}

  /** To a client that does not answer for its address yet: by its hardware address, port 68. */
  record Direct(Mac mac, Ipv4 address) implements Delivery {}

  /**
   * RFC 2131, section 4.1, in its order; but an address that the client says it has is believed
   * only if it is the client's own: a DISCOVER may name anybody's.
   */
  static Delivery of(DhcpMessage message, Ipv4 address) {
    if (!message.giaddr().isAny()) {
      return new Routed(message.giaddr(), SERVER_PORT);
    }
    if (!message.ciaddr().isAny() && message.ciaddr().equals(address)) {
      return new Routed(message.ciaddr(), CLIENT_PORT);
    }
    return message.broadcast() ? new Broadcast() : new Direct(message.chaddr(), address);
  }

  /** As the routing table says: to a client that uses its address, or to a relay. */
  record Routed(Ipv4 address, int port) implements Delivery {}
}
