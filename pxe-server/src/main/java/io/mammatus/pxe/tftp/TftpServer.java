package io.mammatus.pxe.tftp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.tftp.TftpCodec;
import io.mammatus.protocols.tftp.TftpError;
import io.mammatus.protocols.tftp.TftpPacket;
import io.mammatus.pxe.net.InterfaceSocket;
import io.mammatus.pxe.trace.BootProgress;
import io.mammatus.pxe.trace.BootProgress.Stage;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PacketVerdict.Outcome;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.Subnet;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * TFTP on one interface, read only: hears requests on port 69 and starts a {@link TftpTransfer}
 * each. All of it runs on the event loop that starts it.
 */
public final class TftpServer {

  private static final int PORT = 69;
  private static final int MAX_TRANSFERS = 1024;
  private static final int MAX_PER_CLIENT = 8;

  private final Vertx vertx;
  private final String interfaceName;
  private final BootViews views;
  private final BootFiles files;
  private final PxeTrace trace;
  private final InterfaceSocket socket;
  private final Set<InetSocketAddress> running = new HashSet<>();
  private final Map<InetAddress, Integer> perClient = new HashMap<>();

  /** To be called on the event loop that is to run it. */
  public TftpServer(
      Vertx vertx, String interfaceName, BootViews views, BootFiles files, PxeTrace trace) {
    this.vertx = vertx;
    this.interfaceName = interfaceName;
    this.views = views;
    this.files = files;
    this.trace = trace;
    this.socket =
        new InterfaceSocket(
            vertx,
            interfaceName,
            PORT,
            this::received,
            what -> verdict(Optional.empty(), Outcome.NOTED, "socket", "rebind", what));
  }

  public Future<Void> start() {
    return socket.open();
  }

  /** Stops listening; transfers under way run to their end or their time-out. */
  public Future<Void> stop() {
    return socket.close();
  }

  /** A request, and what it takes to answer it. */
  private record Request(
      InetSocketAddress client, Ipv4 address, Ipv4 local, TftpPacket.Rrq packet) {}

  private void received(byte[] datagram, InetSocketAddress sender) {
    Ipv4 address = Ipv4.of(sender.getAddress().getAddress(), 0);
    switch (TftpCodec.decode(datagram)) {
      case Decoded.Ok<TftpPacket>(TftpPacket.Rrq rrq) -> read(sender, address, rrq);
      case Decoded.Ok<TftpPacket>(TftpPacket.Wrq wrq) ->
          refuse(sender, address, "WRQ", TftpError.ACCESS_VIOLATION, "read-only", wrq.file());
      case Decoded.Ok<TftpPacket> _ ->
          verdict(mac(address), Outcome.IGNORED, "stray", "not-a-request", "from " + address);
      case Decoded.DecodeError<TftpPacket>(int offset, String reason) ->
          verdict(
              mac(address),
              Outcome.IGNORED,
              "malformed",
              reason,
              "at octet " + offset + " from " + address);
    }
  }

  private void read(InetSocketAddress client, Ipv4 address, TftpPacket.Rrq rrq) {
    Optional<Subnet> subnet = views.current().subnetByInterface(interfaceName);
    if (subnet.isEmpty()) {
      verdict(mac(address), Outcome.IGNORED, "RRQ", "no-subnet", "");
    } else if (running.contains(client)) {
      // The first answer was lost or late: that transfer repeats it by itself.
      verdict(mac(address), Outcome.IGNORED, "RRQ", "duplicate", rrq.file());
    } else if (running.size() >= MAX_TRANSFERS
        || perClient.getOrDefault(client.getAddress(), 0) >= MAX_PER_CLIENT) {
      verdict(mac(address), Outcome.IGNORED, "RRQ", "too-many-transfers", rrq.file());
    } else if (!rrq.mode().equals("octet") && !rrq.mode().equals("netascii")) {
      refuse(client, address, "RRQ", TftpError.ILLEGAL_OPERATION, "unknown-mode", rrq.mode());
    } else {
      serve(new Request(client, address, subnet.get().serverAddress(), rrq));
    }
  }

  private void serve(Request request) {
    running.add(request.client);
    perClient.merge(request.client.getAddress(), 1, Integer::sum);
    files
        .open(request.packet.file())
        .compose(found -> found.isPresent() ? transfer(request, found.get()) : missing(request))
        .onComplete(
            _ -> forget(request.client),
            failure -> {
              forget(request.client);
              refuse(
                  request.client,
                  request.address,
                  "RRQ",
                  TftpError.NOT_DEFINED,
                  "unreadable",
                  request.packet.file() + ": " + failure.getMessage());
            });
  }

  private Future<Void> missing(Request request) {
    refuse(
        request.client,
        request.address,
        "RRQ",
        TftpError.FILE_NOT_FOUND,
        "no-such-file",
        request.packet.file());
    return Future.succeededFuture();
  }

  private Future<Void> transfer(Request request, BootFile file) {
    long began = System.nanoTime();
    Future<BootFile> converted =
        request.packet.mode().equals("netascii") ? Netascii.of(file) : Future.succeededFuture(file);
    return converted
        .compose(content -> {
          verdict(mac(request.address), Outcome.ANSWERED, "RRQ", "file", request.packet.file());
          progress(request, Stage.STARTED, 0, began);
          return TftpTransfer.run(
                  vertx,
                  request.local,
                  request.client,
                  content,
                  TransferOptions.negotiate(request.packet.options(), content.size()))
              .onSuccess(end -> ended(request, end, content.size(), began));
        })
        .eventually(() -> {
          file.close();
          return Future.succeededFuture();
        })
        .mapEmpty();
  }

  private void ended(Request request, TftpTransfer.End end, long size, long began) {
    switch (end) {
      case TftpTransfer.End.Complete _ -> progress(request, Stage.FINISHED, size, began);
      case TftpTransfer.End.EndedByClient(int code, String message) -> {
        verdict(
            mac(request.address),
            Outcome.NOTED,
            "ERROR",
            "ended-by-client",
            request.packet.file() + ": " + code + " " + message);
        progress(request, Stage.BROKEN_OFF, 0, began);
      }
      case TftpTransfer.End.Failed(String reason) -> {
        verdict(mac(request.address), Outcome.FAILED, "RRQ", reason, request.packet.file());
        progress(request, Stage.FAILED, 0, began);
      }
    }
  }

  private void forget(InetSocketAddress client) {
    running.remove(client);
    perClient.computeIfPresent(client.getAddress(), (_, n) -> n > 1 ? n - 1 : null);
  }

  private void refuse(
      InetSocketAddress client,
      Ipv4 address,
      String what,
      TftpError error,
      String reason,
      String detail) {
    byte[] packet = TftpCodec.encode(new TftpPacket.Error(error, reason.replace('-', ' ')));
    socket
        .send(packet, address, client.getPort())
        .onComplete(
            _ -> verdict(mac(address), Outcome.ANSWERED, what, reason, detail),
            _ -> verdict(mac(address), Outcome.FAILED, what, "not-sent", detail));
  }

  private void progress(Request request, Stage stage, long octets, long began) {
    trace.progress(
        new BootProgress(
            request.address,
            views.current().hostByAddress(request.address),
            "loader",
            PacketVerdict.printable(request.packet.file()),
            stage,
            octets,
            Duration.ofNanos(System.nanoTime() - began)));
  }

  private Optional<Mac> mac(Ipv4 address) {
    return views
        .current()
        .hostByAddress(address)
        .map(Host::macs)
        .flatMap(macs -> macs.stream().sorted().findFirst());
  }

  private void verdict(
      Optional<Mac> mac, Outcome outcome, String what, String reason, String detail) {
    trace.packet(new PacketVerdict("tftp", interfaceName, mac, outcome, what, reason, detail));
  }
}
