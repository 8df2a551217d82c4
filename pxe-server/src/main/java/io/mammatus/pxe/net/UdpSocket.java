package io.mammatus.pxe.net;

import io.mammatus.core.net.Ipv4;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** A plain UDP socket on an ephemeral port, on the event loop that opens it. */
public final class UdpSocket {

  private final Channel channel;

  private UdpSocket(Channel channel) {
    this.channel = channel;
  }

  /**
   * Opens one.
   *
   * @param address the local address to bind to
   * @param receiver hears datagrams
   * @param broken hears socket errors, such as "port unreachable"
   */
  public static Future<UdpSocket> open(
      Vertx vertx, Ipv4 address, InterfaceSocket.Receiver receiver, Consumer<Throwable> broken) {
    ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    Promise<UdpSocket> opened = context.promise();
    ChannelFuture bound =
        new Bootstrap()
            .group(context.nettyEventLoop())
            .channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET))
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(1024))
            .option(ChannelOption.SO_SNDBUF, 1 << 20)
            .handler(new Handler(receiver, broken))
            .bind(InterfaceSocket.socketAddress(address, 0));
    bound.addListener(done -> {
      if (done.isSuccess()) {
        opened.complete(new UdpSocket(bound.channel()));
      } else {
        opened.fail(done.cause());
      }
    });
    return opened.future();
  }

  /** Queues a datagram until {@link #flush}; what the network drops, the protocol repeats. */
  public void write(byte[] datagram, InetSocketAddress target) {
    channel.write(
        new DatagramPacket(Unpooled.wrappedBuffer(datagram), target), channel.voidPromise());
  }

  public void flush() {
    channel.flush();
  }

  public void close() {
    channel.close();
  }

  private static final class Handler extends SimpleChannelInboundHandler<DatagramPacket> {
    private final InterfaceSocket.Receiver receiver;
    private final Consumer<Throwable> broken;

    Handler(InterfaceSocket.Receiver receiver, Consumer<Throwable> broken) {
      this.receiver = receiver;
      this.broken = broken;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext netty, DatagramPacket packet) {
      receiver.received(ByteBufUtil.getBytes(packet.content()), packet.sender());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext netty, Throwable cause) {
      broken.accept(cause);
    }
  }
}
