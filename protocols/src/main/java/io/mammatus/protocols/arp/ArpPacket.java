package io.mammatus.protocols.arp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.Decoded;
import java.nio.ByteBuffer;

/**
 * Address resolution for IPv4 on Ethernet (RFC 826): what stands behind the Ethernet header.
 *
 * @param reply whether it answers a request
 * @param senderAddress {@link Ipv4#ANY} in a probe
 * @param target all zeros where it is what is asked for
 */
public record ArpPacket(
    boolean reply, Mac sender, Ipv4 senderAddress, Mac target, Ipv4 targetAddress) {

  /** Octets; the frame's padding may follow. */
  public static final int LENGTH = 28;

  private static final int ETHERNET = 1;
  private static final int IPV4 = 0x0800;
  private static final int LENGTHS = 6 << 8 | 4;
  private static final int REQUEST = 1;
  private static final int REPLY = 2;
  private static final Mac NOBODY = new Mac(0);

  /**
   * Asks who uses an address without telling anybody that the sender does: no neighbour's cache is
   * changed by it (RFC 5227, section 2.1.1).
   *
   * @param own the card that it is sent from
   */
  public static ArpPacket probe(Mac own, Ipv4 address) {
    return new ArpPacket(false, own, Ipv4.ANY, NOBODY, address);
  }

  public byte[] encode() {
    return ByteBuffer.allocate(LENGTH)
        .putShort((short) ETHERNET)
        .putShort((short) IPV4)
        .putShort((short) LENGTHS)
        .putShort((short) (reply ? REPLY : REQUEST))
        .put(sender.octets())
        .putInt(senderAddress.bits())
        .put(target.octets())
        .putInt(targetAddress.bits())
        .array();
  }

  /** Never throws, whatever the octets are. */
  public static Decoded<ArpPacket> decode(byte[] octets) {
    if (octets.length < LENGTH) {
      return Decoded.error(octets.length, "shorter than an ARP packet");
    }
    ByteBuffer packet = ByteBuffer.wrap(octets);
    if (packet.getShort() != ETHERNET
        || packet.getShort() != IPV4
        || packet.getShort() != LENGTHS) {
      return Decoded.error(0, "not ARP for IPv4 on Ethernet");
    }
    int operation = packet.getShort();
    if (operation != REQUEST && operation != REPLY) {
      return Decoded.error(6, "neither an ARP request nor a reply");
    }
    return Decoded.ok(
        new ArpPacket(
            operation == REPLY,
            Mac.of(octets, 8),
            Ipv4.of(octets, 14),
            Mac.of(octets, 18),
            Ipv4.of(octets, 24)));
  }
}
