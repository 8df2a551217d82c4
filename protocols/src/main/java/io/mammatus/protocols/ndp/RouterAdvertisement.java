package io.mammatus.protocols.ndp;

import io.mammatus.core.net.Mac;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * A router advertisement (RFC 4861, section 4.2) that says: here is no router. iPXE asks for one
 * beside its DHCP, and goes on only when it has heard any, or asked in vain for ten seconds and
 * more.
 */
public final class RouterAdvertisement {

  private static final int IPV6_HEADER = 40;
  private static final int LENGTH = 16;
  private static final byte ICMPV6 = 58;
  private static final byte TYPE = (byte) 134;

  /** RFC 4861, section 6.1.2: anything less came from beyond a router, and is refused. */
  private static final byte HOP_LIMIT = (byte) 255;

  /**
   * Whom it comes from: has to be a link-local address (section 6.1.2). It is made by no
   * interface's MAC, so that it is no router's, in particular not that of a router on this very
   * machine, which would be struck off the receiver's list by a lifetime of 0.
   */
  private static final byte[] SOURCE = HexFormat.of().parseHex("fe800000000000006d616d6d61747573");

  private RouterAdvertisement() {}

  /**
   * The whole IPv6 packet, to the link-local address that a card with that MAC makes itself (RFC
   * 4291, appendix A): no managed and no other flag, no prefix, no option, and a lifetime of 0,
   * "not a default router" (section 4.2).
   */
  public static byte[] noRouter(Mac mac) {
    ByteBuffer packet =
        ByteBuffer.allocate(IPV6_HEADER + LENGTH)
            .putInt(6 << 28) // RFC 8200, section 3: version, no traffic class, no flow label
            .putShort((short) LENGTH)
            .put(ICMPV6)
            .put(HOP_LIMIT)
            .put(SOURCE)
            .put(linkLocal(mac))
            .put(TYPE);
    byte[] octets = packet.array(); // the rest stays zero: hop limit, lifetime and timers not told
    int checksum = checksum(octets);
    octets[IPV6_HEADER + 2] = (byte) (checksum >>> 8);
    octets[IPV6_HEADER + 3] = (byte) checksum;
    return octets;
  }

  private static byte[] linkLocal(Mac mac) {
    byte[] six = mac.octets();
    return ByteBuffer.allocate(16)
        .putShort((short) 0xfe80)
        .position(8)
        .put((byte) (six[0] ^ 2)) // the universal/local bit, turned round
        .put(six, 1, 2)
        .putShort((short) 0xfffe)
        .put(six, 3, 3)
        .array();
  }

  /** RFC 4443, section 2.3: over both addresses, length, next header and the message. */
  private static int checksum(byte[] packet) {
    long sum = LENGTH + ICMPV6;
    for (int i = 8; i < packet.length; i += 2) {
      sum += (packet[i] & 0xff) << 8 | packet[i + 1] & 0xff;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) (~sum & 0xffff);
  }
}
