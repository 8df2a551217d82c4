package io.mammatus.pxe.net;

import io.mammatus.core.net.Ipv4;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams on their way to the kernel, a few in one call (sendmmsg). Neighbours that go to the
 * same place and are as long as each other, as a storm's replies to a relay or to everybody are,
 * are handed over in one piece that the kernel cuts again (UDP_SEGMENT, since Linux 4.18): the way
 * through it is most of what a small datagram costs.
 *
 * <p>For one event loop.
 */
final class Outbox {

  /** More would be a burst that nobody has room for. */
  private static final int AT_ONCE = 16;

  /**
   * What goes over any link in one piece: 576 octets with the headers (RFC 791, section 3.1). A
   * longer one may have to be cut into fragments, which segments are not.
   */
  private static final int MAX_SEGMENT = 576 - 28;

  private final ContextInternal context;
  private final Supplier<@Nullable Channel> channel;
  private final List<Waiting> waiting = new ArrayList<>(AT_ONCE);
  private boolean segments = EpollDatagramChannel.isSegmentedDatagramPacketSupported();

  private record Waiting(byte[] datagram, Ipv4 target, int port, Promise<Void> promise) {

    boolean isLike(Waiting other) {
      return datagram.length == other.datagram.length
          && datagram.length <= MAX_SEGMENT
          && port == other.port
          && target.equals(other.target);
    }
  }

  /**
   * @param channel the socket, or null while there is none
   */
  Outbox(ContextInternal context, Supplier<@Nullable Channel> channel) {
    this.context = context;
    this.channel = channel;
  }

  /** Completes when the kernel has it, and fails if the kernel does not want it. */
  Future<Void> send(byte[] datagram, Ipv4 target, int port) {
    Promise<Void> promise = context.promise();
    waiting.add(new Waiting(datagram, target, port, promise));
    if (waiting.size() >= AT_ONCE) {
      flush();
    } else if (waiting.size() == 1) {
      context.nettyEventLoop().execute(this::flush);
    }
    return promise.future();
  }

  private void flush() {
    List<Waiting> all = List.copyOf(waiting);
    waiting.clear();
    Channel open = channel.get();
    if (open == null) {
      all.forEach(one -> one.promise.fail("interface is gone"));
    } else if (!all.isEmpty()) {
      int from = 0;
      for (int to = 1; to <= all.size(); to++) {
        if (to == all.size() || !segments || !all.get(to).isLike(all.get(from))) {
          write(open, all.subList(from, to));
          from = to;
        }
      }
      open.flush();
    }
  }

  /** All of them are alike. */
  private void write(Channel open, List<Waiting> run) {
    Waiting first = run.getFirst();
    ByteBuf octets = open.alloc().directBuffer(run.size() * first.datagram.length);
    for (Waiting one : run) {
      octets.writeBytes(one.datagram);
    }
    var target = InterfaceSocket.socketAddress(first.target, first.port);
    open.write(
            run.size() == 1
                ? new DatagramPacket(octets, target)
                : new SegmentedDatagramPacket(octets, first.datagram.length, target))
        .addListener(sent -> {
          if (sent.isSuccess()) {
            run.forEach(one -> one.promise.complete());
          } else if (run.size() == 1) {
            first.promise.fail(sent.cause());
          } else {
            oneByOne(open, run);
          }
        });
  }

  /** A card that leaves checksums to the kernel may not take segments (EIO): never again, then. */
  private void oneByOne(Channel open, List<Waiting> run) {
    segments = false;
    run.forEach(one -> write(open, List.of(one)));
    open.flush();
  }
}
