package io.mammatus.pxe.net;

import io.mammatus.core.net.Ipv4;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket that hears and speaks on one interface only, also before that has any address: a
 * Netty channel on the event loop of the verticle that opens it.
 *
 * <p>A socket bound to an interface that is deleted and made again stays bound to the one that is
 * gone, silently. So the interface's index is looked at once a second (a system call of about a
 * microsecond; a netlink subscription would hear it at once) and the socket opened anew.
 */
public final class InterfaceSocket {

  /** Longer than any Ethernet frame; what is longer arrives cut off and is refused as such. */
  private static final int MAX_DATAGRAM = 2048;

  private static final System.Logger LOG = System.getLogger(InterfaceSocket.class.getName());

  /** How many are taken from the kernel at once. */
  private static final int DATAGRAMS = 16;

  private static final int SOL_SOCKET = 1;
  private static final int SO_BINDTODEVICE = 25;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int IFNAMSIZ = 16;

  /** A thousand machines speak at once; octets. */
  private static final int RECEIVE_BUFFER = 4 << 20;

  private static final IntegerUnixChannelOption RECEIVE_BUFFER_FORCED =
      new IntegerUnixChannelOption("SO_RCVBUFFORCE", SOL_SOCKET, SO_RCVBUFFORCE);
  private static final RawUnixChannelOption BIND_TO_DEVICE =
      new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ);

  private final Vertx vertx;
  private final ContextInternal context;
  private final String interfaceName;
  private final int port;
  private final Receiver receiver;
  private final Consumer<String> onRebind;
  private final Outbox outbox;
  private @Nullable Channel channel;
  private int index;
  private long timer = -1;
  private boolean closed;

  /** Hears what arrives, on the event loop. */
  public interface Receiver {
    void received(byte[] datagram, InetSocketAddress sender);
  }

  /**
   * To be called on the event loop that is to own the socket.
   *
   * @param port to listen on
   * @param onRebind told in a sentence when the interface was found gone or anew
   */
  public InterfaceSocket(
      Vertx vertx, String interfaceName, int port, Receiver receiver, Consumer<String> onRebind) {
    this.vertx = vertx;
    this.context = (ContextInternal) vertx.getOrCreateContext();
    this.interfaceName = interfaceName;
    this.port = port;
    this.receiver = receiver;
    this.onRebind = onRebind;
    this.outbox = new Outbox(context, () -> channel);
  }

  /** Fails if there is no such interface, or the port is taken or not permitted. */
  public Future<Void> open() {
    index = Native.interfaceIndex(interfaceName);
    if (index == 0) {
      return Future.failedFuture(new IllegalStateException("no interface " + interfaceName));
    }
    return bind()
        .onSuccess(_ -> timer = vertx.setPeriodic(1000, _ -> rebindIfChanged()))
        .mapEmpty();
  }

  /** The interface's index now, for a packet socket; 0 while it is gone. */
  public int interfaceIndex() {
    return index;
  }

  /** Sends from the port that is listened on; a failure fails the future. */
  public Future<Void> send(byte[] datagram, Ipv4 target, int targetPort) {
    return outbox.send(datagram, target, targetPort);
  }

  public Future<Void> close() {
    closed = true;
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
    Channel open = channel;
    channel = null;
    return open == null ? Future.succeededFuture() : future(open.close());
  }

  public static InetSocketAddress socketAddress(Ipv4 address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address.octets()), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four octets are an address", e);
    }
  }

  private void rebindIfChanged() {
    int now = Native.interfaceIndex(interfaceName);
    if (now == index && (channel != null || now == 0)) {
      return;
    }
    index = now;
    Channel old = channel;
    channel = null;
    if (old != null) {
      old.close();
    }
    if (now == 0) {
      onRebind.accept("the interface is gone");
      return;
    }
    bind()
        .onComplete(
            _ -> onRebind.accept("the interface is new; bound again"),
            failure -> onRebind.accept("could not bind again: " + failure.getMessage()));
  }

  private Future<Void> bind() {
    byte[] name = interfaceName.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer device = ByteBuffer.allocateDirect(IFNAMSIZ).put(name);
    device.position(0);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(context.nettyEventLoop())
            .channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET))
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BROADCAST, true)
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(MAX_DATAGRAM * DATAGRAMS).maxMessagesPerRead(64))
            // several datagrams a call (recvmmsg)
            .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_DATAGRAM)
            .option(BIND_TO_DEVICE, device)
            .handler(new Handler());
    io.netty.channel.ChannelFuture bound = bootstrap.bind(new InetSocketAddress(port));
    return future(bound)
        .onSuccess(_ -> {
          if (closed) {
            bound.channel().close();
          } else {
            channel = bound.channel();
            force(bound.channel());
          }
        });
  }

  /** Beyond what the system lets everybody have; needs CAP_NET_ADMIN, and does without it. */
  private static void force(Channel opened) {
    try {
      opened.config().setOption(RECEIVE_BUFFER_FORCED, RECEIVE_BUFFER);
    } catch (ChannelException e) {
      LOG.log(System.Logger.Level.DEBUG, "the receive buffer stays at net.core.rmem_max", e);
    }
  }

  private Future<Void> future(io.netty.util.concurrent.Future<Void> netty) {
    Promise<Void> promise = context.promise();
    netty.addListener(done -> {
      if (done.isSuccess()) {
        promise.complete();
      } else {
        promise.fail(done.cause());
      }
    });
    return promise.future();
  }

  private final class Handler extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext netty, DatagramPacket packet) {
      ByteBuf content = packet.content();
      byte[] octets = ByteBufUtil.getBytes(content);
      InetSocketAddress sender = packet.sender();
      receiver.received(octets, sender);
    }

    /** A socket error, such as ENETDOWN while the interface goes away: the timer sees to it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext netty, Throwable cause) {
      onRebind.accept("socket error: " + cause.getMessage());
    }
  }
}
