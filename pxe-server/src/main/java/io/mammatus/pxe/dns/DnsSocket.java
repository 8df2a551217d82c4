package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import io.mammatus.pxe.net.InterfaceSocket;
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

/**
 * A UDP socket for DNS on the event loop that opens it: one that listens on an address, or one that
 * is connected to an upstream, so that the kernel picks a port at random, takes packets from nobody
 * else, and tells at once when nobody listens there.
 */
final class DnsSocket {

  /** What is longer arrives cut off, and is refused as too long or as malformed. */
  private static final int MAX_DATAGRAM = 4096;

  private final Channel channel;

  private DnsSocket(Channel channel) {
    this.channel = channel;
  }

  /** Fails if the port is taken or not permitted, or the address is not this machine's. */
  static Future<DnsSocket> listen(
      Vertx vertx,
      Ipv4 address,
      int port,
      InterfaceSocket.Receiver receiver,
      Consumer<Throwable> broken) {
    ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    return opened(
        context,
        bootstrap(context, receiver, broken)
            .option(ChannelOption.SO_RCVBUF, 1 << 20)
            .bind(InterfaceSocket.socketAddress(address, port)));
  }

  static Future<DnsSocket> connect(
      Vertx vertx,
      Upstream upstream,
      InterfaceSocket.Receiver receiver,
      Consumer<Throwable> broken) {
    ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    return opened(
        context,
        bootstrap(context, receiver, broken)
            .connect(InterfaceSocket.socketAddress(upstream.address(), upstream.port())));
  }

  private static Bootstrap bootstrap(
      ContextInternal context, InterfaceSocket.Receiver receiver, Consumer<Throwable> broken) {
    return new Bootstrap()
        .group(context.nettyEventLoop())
        .channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET))
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(MAX_DATAGRAM).maxMessagesPerRead(64))
        .handler(new Handler(context, receiver, broken));
  }

  private static Future<DnsSocket> opened(ContextInternal context, ChannelFuture opening) {
    Promise<DnsSocket> opened = context.promise();
    opening.addListener(done -> {
      if (done.isSuccess()) {
        opened.complete(new DnsSocket(opening.channel()));
      } else {
        opened.fail(done.cause());
      }
    });
    return opened.future();
  }

  /** Sends to whom the socket is connected; what is lost is asked for again. */
  void send(byte[] datagram) {
    channel.writeAndFlush(Unpooled.wrappedBuffer(datagram), channel.voidPromise());
  }

  void send(byte[] datagram, InetSocketAddress target) {
    channel.writeAndFlush(
        new DatagramPacket(Unpooled.wrappedBuffer(datagram), target), channel.voidPromise());
  }

  void close() {
    channel.close();
  }

  private static final class Handler extends SimpleChannelInboundHandler<DatagramPacket> {
    private final ContextInternal context;
    private final InterfaceSocket.Receiver receiver;
    private final Consumer<Throwable> broken;

    Handler(
        ContextInternal context, InterfaceSocket.Receiver receiver, Consumer<Throwable> broken) {
      this.context = context;
      this.receiver = receiver;
      this.broken = broken;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext netty, DatagramPacket packet) {
      byte[] octets = ByteBufUtil.getBytes(packet.content());
      InetSocketAddress sender = packet.sender();
      context.emit(octets, datagram -> receiver.received(datagram, sender));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext netty, Throwable cause) {
      context.emit(cause, broken::accept);
    }
  }
}
