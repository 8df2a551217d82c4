package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.ndp.RouterAdvertisement;
import io.mammatus.pxe.net.InterfaceSocket;
import io.mammatus.pxe.net.PacketSocket;
import io.vertx.core.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How replies leave: through the interface's own socket, or as a packet to a client's card. */
final class ReplyWire {

  private final InterfaceSocket socket;
  private @Nullable PacketSocket packets;

  ReplyWire(InterfaceSocket socket) {
    this.socket = socket;
  }

  /** Fails if packet sockets are not permitted. */
  Future<Void> open() {
    try {
      packets = new PacketSocket();
      return Future.succeededFuture();
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }

  void close() {
    PacketSocket open = packets;
    packets = null;
    if (open != null) {
      open.close();
    }
  }

  /**
   * Sends one reply.
   *
   * @param server whom a packet to a card comes from
   */
  Future<Void> send(byte[] datagram, Delivery how, Ipv4 server) {
    return switch (how) {
      case Delivery.Broadcast _ -> socket.send(datagram, Ipv4.BROADCAST, Delivery.CLIENT_PORT);
      case Delivery.Routed(Ipv4 address, int port) -> socket.send(datagram, address, port);
      case Delivery.Direct(Mac mac, Ipv4 address) -> sendDirect(datagram, server, mac, address);
    };
  }

  private Future<Void> sendDirect(byte[] datagram, Ipv4 server, Mac mac, Ipv4 address) {
    PacketSocket open = packets;
    int errno =
        open == null || socket.interfaceIndex() == 0
            ? -1
            : open.send(
                socket.interfaceIndex(),
                mac,
                server,
                Delivery.SERVER_PORT,
                address,
                Delivery.CLIENT_PORT,
                datagram);
    return errno == 0
        ? Future.succeededFuture()
        : Future.failedFuture(new IOException("errno " + errno));
  }

  /**
   * Tells a client on our own link that there is no IPv6 router; that it was not sent costs the
   * client seconds, no more.
   *
   * @return 0, or the errno
   */
  int sendNoRouter(Mac mac) {
    PacketSocket open = packets;
    return open == null || socket.interfaceIndex() == 0
        ? 0
        : open.sendIpv6(socket.interfaceIndex(), mac, RouterAdvertisement.noRouter(mac));
  }
}
