package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import io.mammatus.pxe.trace.PacketVerdict.Outcome;
import io.mammatus.pxe.trace.PxeTrace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** DNS over TCP on one address (RFC 7766): so many connections, and of each client so many. */
final class TcpListener {

  static final int MAX_CONNECTIONS = 256;
  static final int MAX_PER_CLIENT = 16;

  /** RFC 7766, section 6.2.3: a few seconds. */
  static final Duration IDLE = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final DnsResponder responder;
  private final PxeTrace trace;
  private final Map<Ipv4, Integer> perClient = new HashMap<>();
  private final NetServer server;
  private int connections;

  TcpListener(Vertx vertx, DnsResponder responder, PxeTrace trace) {
    this.vertx = vertx;
    this.responder = responder;
    this.trace = trace;
    this.server =
        vertx
            .createNetServer(
                new NetServerOptions()
                    .setIdleTimeout((int) IDLE.toSeconds())
                    .setIdleTimeoutUnit(TimeUnit.SECONDS)
                    .setTcpNoDelay(true))
            .connectHandler(this::connected);
  }

  Future<Void> listen(Ipv4 address, int port) {
    return server.listen(port, address.toString()).mapEmpty();
  }

  Future<Void> close() {
    return server.close();
  }

  private void connected(NetSocket socket) {
    Ipv4 client = Ipv4.parse(socket.remoteAddress().hostAddress());
    if (connections >= MAX_CONNECTIONS || perClient.getOrDefault(client, 0) >= MAX_PER_CLIENT) {
      refused("too-many-connections");
      socket.close().onFailure(_ -> {});
      return;
    }
    connections++;
    perClient.merge(client, 1, Integer::sum);
    socket.closeHandler(_ -> {
      connections--;
      perClient.computeIfPresent(client, (_, n) -> n > 1 ? n - 1 : null);
    });
    socket.exceptionHandler(_ -> refused("connection-broken"));
    new TcpConversation(
            socket,
            packet -> responder.respond(packet, client, DnsResponder.Transport.TCP),
            this::refused)
        .begin();
  }

  private void refused(String reason) {
    trace.count("dns", Outcome.IGNORED, "connection", reason);
  }
}
