package io.mammatus.pxe.net;

import io.mammatus.core.net.Ipv4;
import java.nio.ByteBuffer;

/** An IPv4 packet with a UDP datagram in it, made by hand (RFC 791, RFC 768). Pure. */
final class UdpFrame {

  private static final int IP_HEADER = 20;
  private static final int UDP_HEADER = 8;
  private static final int UDP = 17;

  private UdpFrame() {}

  static byte[] of(Ipv4 source, int sourcePort, Ipv4 target, int targetPort, byte[] payload) {
    int udpLength = UDP_HEADER + payload.length;
    ByteBuffer packet = ByteBuffer.allocate(IP_HEADER + udpLength);
    packet.put((byte) 0x45).put((byte) 0x10).putShort((short) (IP_HEADER + udpLength));
    packet.putShort((short) 0).putShort((short) 0x4000); // don't fragment: then the id may be 0
    packet.put((byte) 64).put((byte) UDP).putShort((short) 0);
    packet.putInt(source.bits()).putInt(target.bits());
    packet.putShort((short) sourcePort).putShort((short) targetPort);
    packet.putShort((short) udpLength).putShort((short) 0).put(payload);
    byte[] octets = packet.array();
    packet.putShort(10, (short) complement(sum(octets, 0, IP_HEADER, 0)));
    // RFC 768: the pseudo header is both addresses, the protocol and the length; a sum of 0 is sent
    // as all ones, since 0 means that there is none.
    long pseudo = sum(octets, 12, 8, UDP + udpLength);
    int checksum = complement(sum(octets, IP_HEADER, udpLength, pseudo));
    packet.putShort(IP_HEADER + 6, (short) (checksum == 0 ? 0xffff : checksum));
    return octets;
  }

  /** Adds 16-bit words; an odd last octet counts as the high half of one (RFC 1071). */
  static long sum(byte[] octets, int offset, int length, long from) {
    long sum = from;
    for (int i = 0; i < length; i += 2) {
      sum += (octets[offset + i] & 0xff) << 8;
      if (i + 1 < length) {
        sum += octets[offset + i + 1] & 0xff;
      }
    }
    return sum;
  }

  static int complement(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) (~folded & 0xffff);
  }
}
