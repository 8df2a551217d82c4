package io.mammatus.pxe.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * A UDP socket between two addresses that waits in the kernel, for a thread of its own: one system
 * call to receive and one to send, also for many packets at once. Java's own channels wait with a
 * time-out only by a selector, and know no segmentation.
 *
 * <p>For the thread that opens it, save {@link #interrupt}.
 */
public final class ConnectedUdp implements AutoCloseable {

  /** Returned when nothing came in time. */
  public static final int TIMED_OUT = -1;

  /** Octets that the kernel takes at once to cut them into packets: what IPv4 lets a packet be. */
  public static final int MAX_AT_ONCE = 65_000;

  /** Packets that the kernel makes of them: UDP_MAX_SEGMENTS, in its smallest version. */
  public static final int MAX_SEGMENTS = 64;

  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_RCVTIMEO = 20;
  private static final int SOL_IP = 0;
  private static final int IP_MTU = 14;
  private static final int ETHERNET_MTU = 1500;
  private static final int SOL_UDP = 17;
  private static final int UDP_SEGMENT = 103;
  private static final int SHUT_RD = 0;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ECONNREFUSED = 111;
  private static final int SEND_BUFFER = 1 << 20;
  private static final int MAX_RECEIVED = 2048;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment callState = Native.newCallState(arena);
  private final MemorySegment in = arena.allocate(MAX_RECEIVED);
  private final MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
  private final MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
  private final ByteBuffer received = in.asByteBuffer();
  private final int descriptor;
  private boolean closed;

  /**
   * Opens it.
   *
   * @param local its port may be 0 for any
   */
  public ConnectedUdp(InetSocketAddress local, InetSocketAddress peer) throws IOException {
    descriptor =
        Native.socket(callState, Native.AF_INET, Native.SOCK_DGRAM | Native.SOCK_CLOEXEC, 0);
    try {
      check(descriptor, "socket");
      set(SOL_SOCKET, SO_SNDBUF, SEND_BUFFER);
      check(Native.bind(callState, descriptor, address(local)), "bind");
      check(Native.connect(callState, descriptor, address(peer)), "connect");
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** For how long {@link #receive} waits; to the millisecond. */
  public void setTimeout(Duration timeout) throws IOException {
    long micros = Math.max(1000, timeout.toMillis() * 1000);
    time.setAtIndex(ValueLayout.JAVA_LONG, 0, micros / 1_000_000);
    time.setAtIndex(ValueLayout.JAVA_LONG, 1, micros % 1_000_000);
    check(Native.setsockopt(callState, descriptor, SOL_SOCKET, SO_RCVTIMEO, time), "SO_RCVTIMEO");
  }

  /**
   * The longest packet that the way to the other end takes in one piece, as far as the kernel knows
   * (ip(7), IP_MTU): that of the route, where it is less than the interface's. Octets, headers
   * included; Ethernet's if it does not say.
   */
  public int mtu() {
    MemorySegment length = time.asSlice(0, ValueLayout.JAVA_INT.byteSize());
    length.set(ValueLayout.JAVA_INT, 0, Integer.BYTES);
    return Native.getsockopt(callState, descriptor, SOL_IP, IP_MTU, number, length) == 0
        ? number.get(ValueLayout.JAVA_INT, 0)
        : ETHERNET_MTU;
  }

  /**
   * Has the kernel cut whatever is sent into packets (UDP_SEGMENT, since Linux 4.18).
   *
   * @param size octets of each but the last; 0 for no more of that
   * @return whether it will
   */
  public boolean segment(int size) {
    return set(SOL_UDP, UDP_SEGMENT, size);
  }

  /**
   * Waits for a datagram.
   *
   * @return its length, maybe 0, or {@link #TIMED_OUT}; it is in {@link #received}
   * @throws PortUnreachableException if nobody has the other port
   */
  public int receive() throws IOException {
    while (true) {
      long length = Native.recv(callState, descriptor, in);
      if (length >= 0) {
        received.clear().limit((int) length);
        return (int) length;
      }
      int error = Native.errno(callState);
      if (error == EAGAIN) {
        return TIMED_OUT;
      }
      if (error != EINTR) {
        throw failure(error, "recv");
      }
    }
  }

  /** The datagram that came last, until the next one does. */
  public ByteBuffer received() {
    return received;
  }

  /**
   * Sends a datagram, or as many as {@link #segment} says.
   *
   * @throws PortUnreachableException if nobody has the other port
   * @throws IOException if the kernel does not want it
   */
  public void send(MemorySegment octets, int length) throws IOException {
    while (Native.send(callState, descriptor, octets, length) < 0) {
      int error = Native.errno(callState);
      if (error != EINTR) {
        throw failure(error, "send");
      }
    }
  }

  /** From any thread: {@link #receive} returns 0 at once, now and later. */
  public synchronized void interrupt() {
    if (!closed) {
      try (Arena mine = Arena.ofConfined()) {
        int ignored = Native.shutdown(Native.newCallState(mine), descriptor, SHUT_RD);
      }
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (descriptor >= 0) {
        int ignored = Native.close(callState, descriptor);
      }
      arena.close();
    }
  }

  private boolean set(int level, int name, int value) {
    number.set(ValueLayout.JAVA_INT, 0, value);
    return Native.setsockopt(callState, descriptor, level, name, number) == 0;
  }

  private void check(int result, String what) throws IOException {
    if (result < 0) {
      throw failure(Native.errno(callState), what);
    }
  }

  private static IOException failure(int error, String what) {
    return error == ECONNREFUSED
        ? new PortUnreachableException(what)
        : new IOException(what + ": error " + error);
  }

  /** struct sockaddr_in: ip(7). */
  private MemorySegment address(InetSocketAddress address) {
    MemorySegment written = arena.allocate(16);
    written.set(ValueLayout.JAVA_SHORT, 0, (short) Native.AF_INET);
    ByteBuffer buffer = written.asByteBuffer().order(ByteOrder.BIG_ENDIAN);
    buffer.putShort(2, (short) address.getPort()).put(4, address.getAddress().getAddress());
    return written;
  }
}
