package io.mammatus.pxe.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.net.Ipv4;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over loopback, to sockets of the JDK. */
class OutboxTest {

  private static final Ipv4 LOCAL = Ipv4.parse("127.0.0.1");

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
  private final AtomicInteger pieces = new AtomicInteger();
  private volatile boolean refusing;
  private volatile @Nullable Channel channel;
  private final Outbox outbox = new Outbox(context, () -> channel);

  @BeforeEach
  void open() {
    channel =
        new Bootstrap()
            .group(context.nettyEventLoop())
            .channel(EpollDatagramChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .bind(new InetSocketAddress("127.0.0.1", 0))
            .syncUninterruptibly()
            .channel();
    channel.pipeline().addFirst(new Wire());
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /** Counts what is handed over, and refuses segments as a card without checksums does. */
  private final class Wire extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext netty, Object message, ChannelPromise promise) {
      pieces.incrementAndGet();
      if (refusing && message instanceof SegmentedDatagramPacket) {
        ReferenceCountUtil.release(message);
        promise.setFailure(new IOException("EIO"));
      } else {
        netty.write(message, promise);
      }
    }
  }

  private static byte[] datagram(int number, int length) {
    byte[] octets = new byte[length];
    Arrays.fill(octets, (byte) number);
    return octets;
  }

  private void send(List<byte[]> datagrams, int port) throws Exception {
    Promise<Void> sent = Promise.promise();
    context.runOnContext(_ ->
        Future.all(datagrams.stream().map(one -> outbox.send(one, LOCAL, port)).toList())
            .<Void>mapEmpty()
            .onComplete(sent));
    sent.future().await(10, TimeUnit.SECONDS);
  }

  private void comesAsItWasSent(List<byte[]> datagrams) throws Exception {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
      socket.setSoTimeout(10_000);
      send(datagrams, socket.getLocalPort());
      for (byte[] expected : datagrams) {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        assertThat(Arrays.copyOf(packet.getData(), packet.getLength())).isEqualTo(expected);
      }
    }
  }

  private static List<byte[]> alike(int count) {
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(datagram(i, 300));
    }
    return all;
  }

  @Test
  void datagramsThatAreAlikeLeaveInOnePieceAndComeAsTheyWere() throws Exception {
    comesAsItWasSent(alike(40));
    assertThat(pieces).as("sixteen at once").hasValue(3);
  }

  @Test
  void thoseThatAreNotAlikeKeepTheirOrder() throws Exception {
    comesAsItWasSent(
        List.of(
            datagram(1, 300),
            datagram(2, 300),
            datagram(3, 548),
            datagram(4, 1000), // longer than every link takes: never in segments
            datagram(5, 1000),
            datagram(6, 300)));
    assertThat(pieces).hasValue(5);
  }

  @Test
  void whereSegmentsAreRefusedEachGoesAlone() throws Exception {
    refusing = true;
    comesAsItWasSent(alike(10));
    assertThat(pieces).as("one refused, then each").hasValue(11);
    comesAsItWasSent(alike(10));
    assertThat(pieces).as("not tried again").hasValue(21);
  }

  @Test
  void withoutASocketNothingIsSent() {
    channel = null;
    Promise<Void> sent = Promise.promise();
    context.runOnContext(_ -> outbox.send(datagram(1, 300), LOCAL, 9).onComplete(sent));
    assertThatThrownBy(() -> sent.future().await(10, TimeUnit.SECONDS))
        .hasMessageContaining("interface is gone");
  }
}
