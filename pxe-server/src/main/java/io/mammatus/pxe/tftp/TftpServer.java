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
import io.mammatus.pxe.trace.Budget;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PacketVerdict.Outcome;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.Subnet;
import io.mammatus.store.trace.TraceRecord;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * TFTP on one interface, read only: hears requests on port 69, on the event loop that starts it,
 * and has a {@link TftpTransfer} answer each.
 */
public final class TftpServer {

  /** To be served, too, if the server is to be tried from its own machine. */
  public static final String LOOPBACK = "lo";

  private static final int PORT = 69;

  private static final long RECHECK_MILLIS = 50;

  /** So many a second make room for themselves: a flood of them starts no thread for each. */
  private static final int PUSHED_OUT_PER_SECOND = 200;

  private final Vertx vertx;
  private final Context context;
  private final String interfaceName;
  private final BootViews views;
  private final BootFiles files;
  private final PxeTrace trace;
  private final InterfaceSocket socket;
  private final Requests requests = new Requests();
  private final Budget pushes = new Budget(PUSHED_OUT_PER_SECOND, PUSHED_OUT_PER_SECOND);

  /** To be called on the event loop that is to run it. */
  public TftpServer(
      Vertx vertx, String interfaceName, BootViews views, BootFiles files, PxeTrace trace) {
    this(vertx, interfaceName, PORT, views, files, trace);
  }

  TftpServer(
      Vertx vertx,
      String interfaceName,
      int port,
      BootViews views,
      BootFiles files,
      PxeTrace trace) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.interfaceName = interfaceName;
    this.views = views;
    this.files = files;
    this.trace = trace;
    this.socket =
        new InterfaceSocket(
            vertx,
            interfaceName,
            port,
            this::received,
            what -> verdict(Optional.empty(), Outcome.NOTED, "socket", "rebind", what));
  }

  public Future<Void> start() {
    return socket.open();
  }

  /** Ends the transfers, too: who is served asks again. */
  public Future<Void> stop() {
    requests.transfers().forEach(transfer -> transfer.stop("server-stopped"));
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
    BootView view = views.current();
    Optional<Subnet> subnet = subnet(view, interfaceName, address);
    if (subnet.isEmpty()) {
      verdict(mac(address), Outcome.IGNORED, "RRQ", "no-subnet", "");
    } else if (isStranger(view, subnet.get(), address)) {
      // A transfer is long and its beginning short: strangers' names would be used for that.
      verdict(mac(address), Outcome.IGNORED, "RRQ", "stranger", "from " + address);
    } else if (!rrq.mode().equals("octet") && !rrq.mode().equals("netascii")) {
      refuse(client, address, "RRQ", TftpError.ILLEGAL_OPERATION, "unknown-mode", rrq.mode());
    } else {
      Request request = new Request(client, address, subnet.get().serverAddress(), rrq);
      requests.same(client, rrq).ifPresentOrElse(old -> again(request, old), () -> admit(request));
    }
  }

  /**
   * Whose address answers. What this machine itself asks of one of its own addresses comes in by
   * the loopback, and from that address, which need not be of the network that it serves.
   */
  static Optional<Subnet> subnet(BootView view, String interfaceName, Ipv4 client) {
    return interfaceName.equals(LOOPBACK)
        ? view.subnets().stream()
            .filter(s -> s.serverAddress().equals(client))
            .findFirst()
            .or(() -> view.subnetByAddress(client))
        : view.subnetOf(client, interfaceName);
  }

  static boolean isStranger(BootView view, Subnet subnet, Ipv4 client) {
    return !subnet.serverAddress().equals(client) && view.subnetByAddress(client).isEmpty();
  }

  /**
   * The same request once more: a duplicate, unless the transfer of the first is over. That may be
   * about to be noticed: who has just ended one may begin the next with the same port.
   */
  private void again(Request request, Requests.Entry old) {
    if (!isDuplicate(old)) {
      anew(request, old);
    } else if (old.transfer().isPresent() && old.ask()) {
      vertx.setTimer(
          RECHECK_MILLIS,
          _ -> {
            old.answered();
            if (isDuplicate(old)) {
              ignored(request, "duplicate");
            } else {
              anew(request, old);
            }
          });
    } else {
      ignored(request, "duplicate");
    }
  }

  /** Also while the file is being opened. */
  private static boolean isDuplicate(Requests.Entry old) {
    return old.transfer().map(TftpTransfer::isAskedForAgain).orElse(true);
  }

  /** The client listens to one of them only. */
  private void anew(Request request, Requests.Entry old) {
    pushOut(old, "asked-anew");
    admit(request);
  }

  private void pushOut(Requests.Entry entry, String why) {
    entry.transfer().ifPresent(transfer -> transfer.stop(why));
    requests.end(entry);
  }

  /** Eight requests that somebody sends in a machine's name do not keep it from its own. */
  private boolean makesRoom(Request request) {
    if (!pushes.take(System.nanoTime())) {
      return false;
    }
    Optional<Requests.Entry> idle = requests.unheardOf(request.client);
    idle.ifPresent(entry -> pushOut(entry, "pushed-out"));
    return idle.isPresent();
  }

  private void admit(Request request) {
    if (requests.isGreedy(request.client) && !makesRoom(request)) {
      ignored(request, "too-many-of-client");
      return;
    }
    if (requests.isFull()) {
      // The client asks again, and finds the room that this makes.
      requests.unheard(System.nanoTime()).ifPresent(idle -> idle.stop("pushed-out"));
      ignored(request, "too-many-transfers");
      return;
    }
    Requests.Entry entry = requests.begin(request.client, request.packet, System.nanoTime());
    files
        .open(new FileRequest(request.packet.file(), interfaceName, request.address, request.local))
        .onComplete(
            file -> file.ifPresentOrElse(f -> serve(request, entry, f), () -> miss(request, entry)),
            failure -> {
              requests.end(entry);
              String detail = request.packet.file() + ": " + failure.getMessage();
              refuse(request, TftpError.NOT_DEFINED, "unreadable", detail);
            });
  }

  private void miss(Request request, Requests.Entry entry) {
    requests.end(entry);
    refuse(request, TftpError.FILE_NOT_FOUND, "no-such-file", request.packet.file());
  }

  private void serve(Request request, Requests.Entry entry, BootFile file) {
    long began = System.nanoTime();
    long size = file.size();
    if (request.packet.mode().equals("netascii") && size > NetasciiFile.MAX_SIZE) {
      file.close();
      requests.end(entry);
      refuse(request, TftpError.NOT_DEFINED, "too-long-for-netascii", request.packet.file());
      return;
    }
    TftpTransfer transfer =
        new TftpTransfer(
            new TftpTransfer.Ends(InterfaceSocket.socketAddress(request.local, 0), request.client),
            file,
            request.packet,
            end ->
                context.runOnContext(_ -> {
                  requests.end(entry);
                  ended(request, end, size, began);
                  entry.transfer().ifPresent(over -> tellBad(request, over.bad()));
                }));
    entry.transfers(transfer);
    verdict(mac(request.address), Outcome.ANSWERED, "RRQ", "file", request.packet.file());
    progress(request, Stage.STARTED, 0, began);
    transfer.start();
  }

  /** Each of them is counted, and one record tells of all. */
  private void tellBad(Request request, Map<BadPacket, Integer> bad) {
    bad.forEach((what, packets) -> {
      verdict(
          mac(request.address),
          Outcome.IGNORED,
          "transfer",
          what.reason(),
          packets + " packets, " + request.packet.file());
      trace.count("tftp", Outcome.IGNORED, "transfer", what.reason(), packets - 1);
    });
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

  private void ignored(Request request, String reason) {
    verdict(mac(request.address), Outcome.IGNORED, "RRQ", reason, request.packet.file());
  }

  private void refuse(Request request, TftpError error, String reason, String detail) {
    refuse(request.client, request.address, "RRQ", error, reason, detail);
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
            TraceRecord.printable(request.packet.file()),
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
