package io.mammatus.protocols.dhcp4;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;

/**
 * A DHCP message over Ethernet (RFC 2131, section 2), its fields named as there.
 *
 * @param htype hardware type; 1 is Ethernet
 * @param hlen octets of the hardware address: always 6
 * @param hops relay agents passed, 0 to 255
 * @param xid transaction id, chosen by the client
 * @param secs seconds since the client began, 0 to 65535
 * @param broadcast the flag B: the client cannot take unicast before it has an address
 * @param sname server host name; empty if absent or if the field carried options
 * @param file boot file name; empty if absent or if the field carried options
 */
public record DhcpMessage(
    Op op,
    int htype,
    int hlen,
    int hops,
    int xid,
    int secs,
    boolean broadcast,
    Ipv4 ciaddr,
    Ipv4 yiaddr,
    Ipv4 siaddr,
    Ipv4 giaddr,
    Mac chaddr,
    String sname,
    String file,
    DhcpOptions options) {

  /** Who speaks. */
  public enum Op {
    /** Client to server, code 1. */
    REQUEST,
    /** Server to client, code 2. */
    REPLY
  }

  /** Ethernet, as ARP numbers hardware (RFC 1700). */
  public static final int ETHERNET = 1;

  /**
   * The start of every answer to this message: op, and what a server copies from the request (RFC
   * 2131, section 4.3.1, table 3).
   */
  public DhcpMessage reply(
      Ipv4 clientAddress, Ipv4 yourAddress, Ipv4 nextServer, String bootFile, DhcpOptions answer) {
    return new DhcpMessage(
        Op.REPLY,
        htype,
        hlen,
        0,
        xid,
        0,
        broadcast,
        clientAddress,
        yourAddress,
        nextServer,
        giaddr,
        chaddr,
        "",
        bootFile,
        answer);
  }

  /** The same with the broadcast flag set, as a NAK through a relay must be (section 4.3.2). */
  public DhcpMessage withBroadcast() {
    return new DhcpMessage(
        op, htype, hlen, hops, xid, secs, true, ciaddr, yiaddr, siaddr, giaddr, chaddr, sname, file,
        options);
  }
}
