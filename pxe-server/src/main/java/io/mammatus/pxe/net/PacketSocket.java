package io.mammatus.pxe.net;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Sends UDP to a client that cannot answer ARP yet, because the address it is sent to is the one it
 * is only being offered (RFC 2131, section 4.1): an AF_PACKET socket, to which the kernel adds the
 * Ethernet header alone.
 *
 * <p>The boot server has no IPv6 socket either: {@link #sendIpv6} sends what is whole already.
 *
 * <p>For one thread. Its protocol is 0, so that it never receives anything, unless it is made to
 * hear ARP. Needs CAP_NET_RAW. Nothing blocks.
 */
public final class PacketSocket implements AutoCloseable {

  private static final int MAX_PACKET = 2048;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_ARP = 0x0806;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int SOCKADDR_LL = 20;
  private static final Mac EVERYBODY = new Mac(0xffffffffffffL);
  private static final ValueLayout.OfShort NETWORK_SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  private final Arena arena = Arena.ofShared();
  private final MemorySegment callState = Native.newCallState(arena);
  private final MemorySegment buffer = arena.allocate(MAX_PACKET);
  private final MemorySegment address = arena.allocate(SOCKADDR_LL, 8);
  private final int descriptor;

  /**
   * @throws IOException if the system refuses the socket, for want of CAP_NET_RAW above all
   */
  public PacketSocket() throws IOException {
    descriptor =
        Native.socket(
            callState,
            Native.AF_PACKET,
            Native.SOCK_DGRAM | Native.SOCK_NONBLOCK | Native.SOCK_CLOEXEC,
            0);
    if (descriptor < 0) {
      int errno = Native.errno(callState);
      arena.close();
      throw new IOException("no packet socket (needs CAP_NET_RAW): errno " + errno);
    }
  }

  /**
   * One that hears the ARP of an interface from now on.
   *
   * @throws IOException if the system refuses the socket, for want of CAP_NET_RAW above all
   */
  public static PacketSocket hearingArp(int interfaceIndex) throws IOException {
    PacketSocket socket = new PacketSocket();
    socket.fillAddress(interfaceIndex, ETHERTYPE_ARP);
    if (Native.bind(socket.callState, socket.descriptor, socket.address) != 0) {
      int errno = Native.errno(socket.callState);
      socket.close();
      throw new IOException("ARP cannot be heard: errno " + errno);
    }
    return socket;
  }

  /** What was heard, without the Ethernet header; empty if nothing is left. */
  public Optional<byte[]> receive() {
    long length = Native.recv(callState, descriptor, buffer);
    return length < 0
        ? Optional.empty()
        : Optional.of(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
  }

  /**
   * Sends one ARP packet to everybody on an interface's link.
   *
   * @return 0, or the errno
   */
  public int broadcastArp(int interfaceIndex, byte[] packet) {
    return send(interfaceIndex, EVERYBODY, ETHERTYPE_ARP, packet);
  }

  /**
   * Sends one datagram out of an interface.
   *
   * @return 0, or the errno
   */
  public int send(
      int interfaceIndex,
      Mac to,
      Ipv4 source,
      int sourcePort,
      Ipv4 target,
      int targetPort,
      byte[] payload) {
    return send(
        interfaceIndex,
        to,
        ETHERTYPE_IPV4,
        UdpFrame.of(source, sourcePort, target, targetPort, payload));
  }

  /**
   * Sends one IPv6 packet out of an interface.
   *
   * @param packet whole, its header included
   * @return 0, or the errno
   */
  public int sendIpv6(int interfaceIndex, Mac to, byte[] packet) {
    return send(interfaceIndex, to, ETHERTYPE_IPV6, packet);
  }

  private int send(int interfaceIndex, Mac to, int etherType, byte[] packet) {
    if (packet.length > MAX_PACKET) {
      throw new IllegalArgumentException("longer than a frame: " + packet.length);
    }
    MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, 0, packet.length);
    fillAddress(interfaceIndex, etherType);
    address.set(ValueLayout.JAVA_BYTE, 11, (byte) 6);
    MemorySegment.copy(to.octets(), 0, address, ValueLayout.JAVA_BYTE, 12, 6);
    long sent = Native.sendto(callState, descriptor, buffer, packet.length, address, SOCKADDR_LL);
    return sent < 0 ? Native.errno(callState) : 0;
  }

  /** struct sockaddr_ll (packet(7)): family, protocol, ifindex, hatype, pkttype, halen, addr[8]. */
  private void fillAddress(int interfaceIndex, int etherType) {
    address.fill((byte) 0);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) Native.AF_PACKET);
    address.set(NETWORK_SHORT, 2, (short) etherType);
    address.set(ValueLayout.JAVA_INT, 4, interfaceIndex);
  }

  @Override
  public void close() {
    int ignored = Native.close(callState, descriptor); // nothing can be done about a failure
    arena.close();
  }
}
