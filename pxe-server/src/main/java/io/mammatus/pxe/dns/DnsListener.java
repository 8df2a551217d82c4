package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import io.mammatus.pxe.trace.PacketVerdict.Outcome;
import io.mammatus.pxe.trace.PxeTrace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One address, by UDP and TCP. */
final class DnsListener {

  private final Vertx vertx;
  private final Ipv4 address;
  private final int port;
  private final DnsResponder responder;
  private final PxeTrace trace;
  private final TcpListener tcp;
  private @Nullable DnsSocket udp;

  DnsListener(Vertx vertx, Ipv4 address, int port, DnsResponder responder, PxeTrace trace) {
    this.vertx = vertx;
    this.address = address;
    this.port = port;
    this.responder = responder;
    this.trace = trace;
    this.tcp = new TcpListener(vertx, responder, trace);
  }

  /** Both or neither. */
  Future<Void> open() {
    return DnsSocket.listen(
            vertx,
            address,
            port,
            this::received,
            _ -> trace.count("dns", Outcome.FAILED, "socket", "error"))
        .compose(opened -> {
          udp = opened;
          return tcp.listen(address, port);
        })
        .recover(failure -> close().transform(_ -> Future.failedFuture(failure)));
  }

  Future<Void> close() {
    DnsSocket open = udp;
    udp = null;
    if (open != null) {
      open.close();
    }
    return tcp.close();
  }

  private void received(byte[] packet, InetSocketAddress sender) {
    if (sender.getPort() == 0) {
      trace.count("dns", Outcome.IGNORED, "malformed", "no-source-port");
      return;
    }
    Ipv4 client = Ipv4.of(sender.getAddress().getAddress(), 0);
    responder
        .respond(packet, client, DnsResponder.Transport.UDP)
        .onComplete(
            answer -> answer.ifPresent(octets -> send(octets, sender)),
            failure -> trace.count("dns", Outcome.FAILED, "answer", "internal"));
  }

  private void send(byte[] octets, InetSocketAddress target) {
    DnsSocket open = udp;
    if (open != null) {
      open.send(octets, target);
    }
  }
}
