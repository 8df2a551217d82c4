package io.mammatus.pxe.dhcp;

import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.dhcp4.DhcpDecoder;
import io.mammatus.protocols.dhcp4.DhcpEncoder;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.protocols.ndp.RouterAdvertisement;
import io.mammatus.pxe.lease.LeaseBook;
import io.mammatus.pxe.lease.Pools;
import io.mammatus.pxe.net.InterfaceSocket;
import io.mammatus.pxe.net.PacketSocket;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PacketVerdict.Outcome;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.store.lease.Lease;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * DHCP on one interface: owns its sockets and what waits, and thinks nothing itself ({@link
 * DhcpDecider}). All of it runs on the event loop that starts it.
 */
public final class DhcpServer {

  /** Unknown cards that wait at once; a storm of more is a rack of racks, or an attack. */
  static final int MAX_PARKED = 1024;

  private static final long SWEEP_MILLISECONDS = 500;

  private final Vertx vertx;
  private final Context context;
  private final String interfaceName;
  private final BootViews views;
  private final Supplier<BootSettings> settings;
  private final Sightings sightings;
  private final PxeTrace trace;
  private final Pools pools;
  private final Predicate<Ipv4> dns;
  private final InstantSource clock;
  private final InterfaceSocket socket;
  private final InterfaceSocket bootServer;
  private final Parking<DhcpMessage> parking = new Parking<>(MAX_PARKED);
  private final BootMemory memory = new BootMemory();
  private final AtomicBoolean redecisionDue = new AtomicBoolean();
  private @Nullable PacketSocket packets;
  private Runnable unsubscribe = () -> {};
  private long timer = -1;

  /** To be called on the event loop that is to run it. */
  public DhcpServer(
      Vertx vertx,
      String interfaceName,
      BootViews views,
      Supplier<BootSettings> settings,
      Sightings sightings,
      PxeTrace trace,
      Pools pools,
      Predicate<Ipv4> dns,
      InstantSource clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.interfaceName = interfaceName;
    this.views = views;
    this.settings = settings;
    this.sightings = sightings;
    this.trace = trace;
    this.pools = pools;
    this.dns = dns;
    this.clock = clock;
    this.socket =
        new InterfaceSocket(
            vertx,
            interfaceName,
            Delivery.SERVER_PORT,
            (datagram, sender) -> received(datagram, sender, false),
            what -> verdict(Optional.empty(), Outcome.NOTED, "socket", "rebind", what));
    this.bootServer =
        new InterfaceSocket(
            vertx,
            interfaceName,
            ProxyDecider.BOOT_SERVER_PORT,
            (datagram, sender) -> received(datagram, sender, true),
            what -> verdict(Optional.empty(), Outcome.NOTED, "socket", "rebind", what));
  }

  /** Fails if the interface is not there, or a socket is not permitted. */
  public Future<Void> start() {
    try {
      packets = new PacketSocket();
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
    return socket
        .open()
        .compose(_ -> openBootServer())
        .onSuccess(_ -> {
          unsubscribe = views.onChange(this::viewChanged);
          timer = vertx.setPeriodic(SWEEP_MILLISECONDS, _ -> sweep());
        })
        .onFailure(_ -> closePackets());
  }

  /**
   * Only networks with a foreign DHCP server need it: elsewhere the port may be somebody else's.
   */
  private Future<Void> openBootServer() {
    return bootServer
        .open()
        .recover(e -> {
          verdict(
              Optional.empty(),
              Outcome.NOTED,
              "socket",
              "no-boot-server-port",
              String.valueOf(e.getMessage()));
          return Future.succeededFuture();
        });
  }

  public Future<Void> stop() {
    unsubscribe.run();
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
    closePackets();
    return bootServer.close().eventually(socket::close);
  }

  private void closePackets() {
    PacketSocket open = packets;
    packets = null;
    if (open != null) {
      open.close();
    }
  }

  private void received(byte[] datagram, InetSocketAddress sender, boolean asBootServer) {
    switch (DhcpDecoder.decode(datagram)) {
      case Decoded.Ok<DhcpMessage>(DhcpMessage message) ->
          consider(message, views.current(), asBootServer);
      case Decoded.DecodeError<DhcpMessage>(int offset, String reason) ->
          verdict(
              Optional.empty(),
              Outcome.IGNORED,
              "malformed",
              reason,
              "at octet " + offset + " of " + datagram.length + " from " + sender.getHostString());
    }
  }

  private void consider(DhcpMessage message, BootView view, boolean asBootServer) {
    Mac mac = message.chaddr();
    BootMemory.Recent recent = memory.recent(mac, message.xid(), System.nanoTime());
    DhcpDecider.Request request =
        new DhcpDecider.Request(
            interfaceName, message, recent, pools::answersFor, dns, asBootServer);
    act(message, DhcpDecider.decide(request, view, settings.get()));
  }

  private void act(DhcpMessage message, DhcpDecision decision) {
    switch (decision) {
      case DhcpDecision.Reply reply -> send(message, reply);
      case DhcpDecision.FromPool asked -> fromPool(asked);
      case DhcpDecision.Grant(Lease lease, DhcpDecision.Reply reply) ->
          grant(message, lease, reply);
      case DhcpDecision.Record(Lease lease, String why) ->
          pools
              .write(lease)
              .onSuccess(_ -> verdict(message, Outcome.NOTED, why, lease.address().toString()))
              .onFailure(e -> notWritten(message, e));
      case DhcpDecision.Note(String why) -> verdict(message, Outcome.NOTED, why, "");
      case DhcpDecision.Ignore(IgnoreReason reason) -> ignored(message, reason);
      case DhcpDecision.Await(DhcpDecision.Sighted sighted) -> park(message, sighted);
    }
  }

  private void fromPool(DhcpDecision.FromPool asked) {
    Optional<LeaseBook> book = pools.book(asked.subnet().network());
    if (book.isEmpty()) {
      ignored(asked.message(), IgnoreReason.NOT_ON_DUTY);
    } else {
      act(asked.message(), PoolDecider.decide(asked, book.get(), clock.instant()));
    }
  }

  /** The lease is on disk before the ACK leaves (RFC 2131, section 3.1, step 4). */
  private void grant(DhcpMessage message, Lease lease, DhcpDecision.Reply reply) {
    pools
        .write(lease)
        .onSuccess(_ -> {
          pools.book(lease.network()).ifPresent(book -> book.bind(lease));
          send(message, reply);
        })
        .onFailure(e -> notWritten(message, e));
  }

  private void notWritten(DhcpMessage message, Throwable e) {
    verdict(message, Outcome.FAILED, "lease-not-written", String.valueOf(e.getMessage()));
  }

  private void park(DhcpMessage message, DhcpDecision.Sighted sighted) {
    switch (parking.park(message.chaddr(), message, System.nanoTime())) {
      case NEW -> {
        verdict(message, Outcome.PARKED, "enrolling", sighted.client().vendorClass());
        sightings.seen(
            new Sighting(
                sighted.mac(),
                sighted.interfaceName(),
                sighted.link().orElse(null),
                sighted.smbiosUuid().isEmpty() ? null : sighted.smbiosUuid(),
                Firmware.name(sighted.client()).orElse(null)),
            PacketVerdict.printable(sighted.client().vendorClass()));
      }
      case REPLACED -> ignored(message, IgnoreReason.SUPERSEDED);
      case FULL -> ignored(message, IgnoreReason.TOO_MANY_WAITING);
    }
  }

  /** From any thread; many changes in a row are looked at once. */
  private void viewChanged() {
    if (redecisionDue.compareAndSet(false, true)) {
      context.runOnContext(_ -> {
        redecisionDue.set(false);
        decideParkedAgain();
      });
    }
  }

  private void decideParkedAgain() {
    BootView view = views.current();
    for (Mac mac : parking.waiting()) {
      if (view.hostByMac(mac).isPresent()) {
        parking.take(mac).ifPresent(message -> consider(message, view, false));
      }
    }
  }

  private void sweep() {
    List<DhcpMessage> gone = parking.expired(System.nanoTime());
    gone.forEach(message -> ignored(message, IgnoreReason.NOT_ENROLLED_IN_TIME));
  }

  private void send(DhcpMessage request, DhcpDecision.Reply reply) {
    DhcpMessage message = reply.message();
    byte[] datagram = DhcpEncoder.encodeReply(message, request).toArray();
    boolean acknowledged =
        message.options().messageType().filter(DhcpMessageType.ACK::equals).isPresent();
    if (acknowledged) {
      memory.acknowledged(request.chaddr(), request.xid(), reply.why(), System.nanoTime());
    }
    Ipv4 server = message.options().address(OptionCode.SERVER_ID).orElse(Ipv4.ANY);
    switch (reply.how()) {
      case Delivery.Broadcast _ ->
          sent(request, reply, socket.send(datagram, Ipv4.BROADCAST, Delivery.CLIENT_PORT));
      case Delivery.Routed(Ipv4 address, int port) ->
          sent(request, reply, socket.send(datagram, address, port));
      case Delivery.Direct(Mac mac, Ipv4 address) ->
          sent(request, reply, sendDirect(datagram, server, mac, address));
    }
    if (acknowledged) {
      endIpv6Wait(request);
    }
  }

  /** Only to an iPXE on our own link; that it was not sent costs the client seconds, no more. */
  private void endIpv6Wait(DhcpMessage request) {
    PacketSocket open = packets;
    if (settings.get().endIpv6Wait()
        && open != null
        && socket.interfaceIndex() != 0
        && request.giaddr().isAny()
        && ClientFacts.of(request).isIpxe()) {
      byte[] packet = RouterAdvertisement.noRouter(request.chaddr());
      int errno = open.sendIpv6(socket.interfaceIndex(), request.chaddr(), packet);
      if (errno != 0) {
        verdict(request, Outcome.FAILED, "no-router-not-sent", "errno " + errno);
      }
    }
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

  private void sent(DhcpMessage request, DhcpDecision.Reply reply, Future<Void> sending) {
    sending.onComplete(
        _ -> verdict(request, Outcome.ANSWERED, reply.why(), reply.message().yiaddr().toString()),
        failure ->
            verdict(request, Outcome.FAILED, "not-sent", String.valueOf(failure.getMessage())));
  }

  private void ignored(DhcpMessage message, IgnoreReason reason) {
    verdict(message, Outcome.IGNORED, reason.label(), reason.sentence());
  }

  private void verdict(DhcpMessage message, Outcome outcome, String reason, String detail) {
    String what = message.options().messageType().map(DhcpMessageType::name).orElse("OTHER");
    verdict(Optional.of(message.chaddr()), outcome, what, reason, detail);
  }

  private void verdict(
      Optional<Mac> mac, Outcome outcome, String what, String reason, String detail) {
    trace.packet(new PacketVerdict("dhcp", interfaceName, mac, outcome, what, reason, detail));
  }
}
