package io.mammatus.pxe.net;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few functions of libc that the packet socket and TFTP's sockets need. Numbers are Linux's,
 * all architectures.
 */
final class Native {

  static final int AF_INET = 2;
  static final int AF_PACKET = 17;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_NONBLOCK = 0x800;
  static final int SOCK_CLOEXEC = 0x80000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_FIELD =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle IF_NAMETOINDEX =
      function("if_nametoindex", ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
  private static final MethodHandle SOCKET =
      function(
          "socket",
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT);
  private static final MethodHandle SENDTO =
      function(
          "sendto",
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_INT);
  private static final MethodHandle BIND = socketAndAddress("bind");
  private static final MethodHandle CONNECT = socketAndAddress("connect");
  private static final MethodHandle SETSOCKOPT =
      function(
          "setsockopt",
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_INT);
  private static final MethodHandle GETSOCKOPT =
      function(
          "getsockopt",
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS);
  private static final MethodHandle SEND = transfer("send");
  private static final MethodHandle RECV = transfer("recv");
  private static final MethodHandle SHUTDOWN =
      function("shutdown", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final MethodHandle CLOSE =
      function("close", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

  private Native() {}

  private static MethodHandle function(
      String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments), ERRNO);
  }

  private static MethodHandle socketAndAddress(String name) {
    return function(
        name,
        ValueLayout.JAVA_INT,
        ValueLayout.JAVA_INT,
        ValueLayout.ADDRESS,
        ValueLayout.JAVA_INT);
  }

  private static MethodHandle transfer(String name) {
    return function(
        name,
        ValueLayout.JAVA_LONG,
        ValueLayout.JAVA_INT,
        ValueLayout.ADDRESS,
        ValueLayout.JAVA_LONG,
        ValueLayout.JAVA_INT);
  }

  static MemorySegment newCallState(Arena arena) {
    return arena.allocate(CALL_STATE);
  }

  static int errno(MemorySegment callState) {
    return (int) ERRNO_FIELD.get(callState, 0L);
  }

  /** The index, or 0 if there is no such interface in this network namespace. */
  static int interfaceIndex(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) IF_NAMETOINDEX.invokeExact(newCallState(arena), arena.allocateFrom(name));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int socket(MemorySegment callState, int domain, int type, int protocol) {
    try {
      return (int) SOCKET.invokeExact(callState, domain, type, protocol);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long sendto(
      MemorySegment callState,
      int descriptor,
      MemorySegment octets,
      long length,
      MemorySegment address,
      int addressLength) {
    try {
      return (long)
          SENDTO.invokeExact(callState, descriptor, octets, length, 0, address, addressLength);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int bind(MemorySegment callState, int descriptor, MemorySegment address) {
    try {
      return (int)
          BIND.invokeExact(callState, descriptor, address, Math.toIntExact(address.byteSize()));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int connect(MemorySegment callState, int descriptor, MemorySegment address) {
    try {
      return (int)
          CONNECT.invokeExact(callState, descriptor, address, Math.toIntExact(address.byteSize()));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int setsockopt(
      MemorySegment callState, int descriptor, int level, int name, MemorySegment value) {
    try {
      return (int)
          SETSOCKOPT.invokeExact(
              callState, descriptor, level, name, value, Math.toIntExact(value.byteSize()));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * @param length of the value, which the call may make smaller
   */
  static int getsockopt(
      MemorySegment callState,
      int descriptor,
      int level,
      int name,
      MemorySegment value,
      MemorySegment length) {
    try {
      return (int) GETSOCKOPT.invokeExact(callState, descriptor, level, name, value, length);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long send(MemorySegment callState, int descriptor, MemorySegment octets, long length) {
    try {
      return (long) SEND.invokeExact(callState, descriptor, octets, length, 0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Waits for as long as the socket's time-out says. */
  static long recv(MemorySegment callState, int descriptor, MemorySegment octets) {
    try {
      return (long) RECV.invokeExact(callState, descriptor, octets, octets.byteSize(), 0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int shutdown(MemorySegment callState, int descriptor, int how) {
    try {
      return (int) SHUTDOWN.invokeExact(callState, descriptor, how);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int close(MemorySegment callState, int descriptor) {
    try {
      return (int) CLOSE.invokeExact(callState, descriptor);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException("a call into libc failed before it began", e);
  }
}
