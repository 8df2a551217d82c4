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
import io.mammatus.pxe.lease.LeaseBook;
import io.mammatus.pxe.lease.Pools;
import io.mammatus.pxe.net.AddressProbe;
import io.mammatus.pxe.net.InterfaceSocket;
import io.mammatus.pxe.trace.Budget;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PacketVerdict.Outcome;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.store.lease.Lease;
import io.mammatus.store.trace.TraceRecord;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * DHCP on one interface: owns its sockets and what waits, and thinks nothing itself ({@link
 * DhcpDecider}). All of it runs on the event loop that starts it.
 */
public final class DhcpServer {

  /** Unknown cards that wait at once; a storm of more is a rack of racks, or an attack. */
  static final int MAX_PARKED = 1024;

  /** Addresses that are tried for one packet. Who waits asks again, and then others are tried. */
  private static final int MAX_PROBES = 3;

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
  private final ReplyWire wire;
  private final Parking<DhcpMessage> parking = new Parking<>(MAX_PARKED);
  private final BootMemory memory = new BootMemory();
  private final CardPace pace = new CardPace();

  /** Of cards that are too loud something is told, and not each time. */
  private final Budget told = new Budget(1, 16);

  private final AddressProbe probe;
  private final Set<Mac> probed = new HashSet<>();
  private final AtomicBoolean redecisionDue = new AtomicBoolean();
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
    this.probe = new AddressProbe(vertx, interfaceName);
    this.socket =
        new InterfaceSocket(
            vertx,
            interfaceName,
            Delivery.SERVER_PORT,
            (datagram, sender) -> received(datagram, sender, false),
            what -> verdict(Optional.empty(), Outcome.NOTED, "socket", "rebind", what));
    this.wire = new ReplyWire(socket);
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
    return wire.open()
        .compose(_ -> socket.open())
        .compose(_ -> openBootServer())
        .onSuccess(_ -> {
          unsubscribe = views.onChange(this::viewChanged);
          timer = vertx.setPeriodic(SWEEP_MILLISECONDS, _ -> sweep());
        })
        .onFailure(_ -> wire.close());
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
    wire.close();
    probe.close();
    return bootServer.close().eventually(socket::close);
  }

  private void received(byte[] datagram, InetSocketAddress sender, boolean asBootServer) {
    switch (DhcpDecoder.decode(datagram)) {
      case Decoded.Ok<DhcpMessage>(DhcpMessage message) -> {
        if (pace.allows(message.chaddr(), System.nanoTime())) {
          consider(message, views.current(), asBootServer);
        } else if (told.take(System.nanoTime())) {
          ignored(message, IgnoreReason.TOO_OFTEN);
        } else {
          trace.count("dhcp", Outcome.IGNORED, type(message), IgnoreReason.TOO_OFTEN.label());
        }
      }
      case Decoded.DecodeError<DhcpMessage>(int offset, String reason) ->
          verdict(
              DhcpDecoder.card(datagram),
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
      case DhcpDecision.Probe first -> probe(first, 1);
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
    } else if (probed.contains(asked.message().chaddr())) {
      ignored(asked.message(), IgnoreReason.BEING_PROBED);
    } else {
      act(asked.message(), PoolDecider.decide(asked, book.get(), clock.instant()));
    }
  }

  /** The offer leaves when nobody answers for its address, or when nobody could be asked. */
  private void probe(DhcpDecision.Probe wanted, int attempt) {
    DhcpMessage message = wanted.asked().message();
    probed.add(message.chaddr());
    probe
        .holder(wanted.address())
        .onComplete(answer -> {
          probed.remove(message.chaddr());
          if (answer.failed()) {
            String why = String.valueOf(answer.cause().getMessage());
            verdict(message, Outcome.NOTED, "not-probed", why);
          }
          Optional<Mac> other =
              Optional.ofNullable(answer.result())
                  .flatMap(holder -> holder.filter(mac -> !mac.equals(message.chaddr())));
          if (other.isEmpty()) {
            send(message, wanted.offer());
          } else {
            taken(wanted, other.get(), attempt);
          }
        });
  }

  /** Nobody gets the address for a while; another one is tried. */
  private void taken(DhcpDecision.Probe wanted, Mac other, int attempt) {
    DhcpDecision.FromPool asked = wanted.asked();
    DhcpMessage message = asked.message();
    verdict(message, Outcome.NOTED, "address-in-use", wanted.address() + " by " + other);
    Optional<LeaseBook> book = pools.book(asked.subnet().network());
    book.flatMap(b -> b.taken(message.chaddr(), wanted.address(), clock.instant()))
        .ifPresent(lease -> pools.write(lease).onFailure(e -> notWritten(message, e)));
    if (book.isEmpty() || attempt >= MAX_PROBES) {
      ignored(message, book.isEmpty() ? IgnoreReason.NOT_ON_DUTY : IgnoreReason.NO_FREE_ADDRESS);
      return;
    }
    DhcpDecision next = PoolDecider.decide(asked, book.get(), clock.instant());
    if (next instanceof DhcpDecision.Probe again) {
      probe(again, attempt + 1);
    } else {
      act(message, next);
    }
  }

  /** The lease is on disk before the ACK leaves (RFC 2131, section 3.1, step 4). */
  private void grant(DhcpMessage message, Lease lease, DhcpDecision.Reply reply) {
    pools
        .write(lease)
        .onSuccess(_ -> {
          Optional<LeaseBook> book = pools.book(lease.network());
          if (book.map(b -> b.bind(lease)).orElse(true)) {
            send(message, reply);
          } else {
            verdict(message, Outcome.NOTED, "given-back-meanwhile", lease.address().toString());
            book.flatMap(b -> b.undo(lease, clock.instant()))
                .ifPresent(undone -> pools.write(undone).onFailure(e -> notWritten(message, e)));
          }
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
            TraceRecord.printable(sighted.client().vendorClass()));
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
    byte[] datagram =
        DhcpEncoder.encodeReply(message, request, code -> leftOut(request, code)).toArray();
    boolean acknowledged =
        message.options().messageType().filter(DhcpMessageType.ACK::equals).isPresent();
    // Beside a foreign server, whoever boots from our offer need not ask us again.
    boolean proxied = isProxyOffer(message);
    if (acknowledged || proxied) {
      memory.acknowledged(request.chaddr(), request.xid(), reply.why(), System.nanoTime());
    }
    Ipv4 server = message.options().address(OptionCode.SERVER_ID).orElse(Ipv4.ANY);
    sent(request, reply, wire.send(datagram, reply.how(), server));
    if (acknowledged
        && settings.get().endIpv6Wait()
        && request.giaddr().isAny()
        && ClientFacts.of(request).isIpxe()) {
      int errno = wire.sendNoRouter(request.chaddr());
      if (errno != 0) {
        verdict(request, Outcome.FAILED, "no-router-not-sent", "errno " + errno);
      }
    }
  }

  private void sent(DhcpMessage request, DhcpDecision.Reply reply, Future<Void> sending) {
    sending.onComplete(
        _ -> {
          Ipv4 given = reply.message().yiaddr();
          verdict(request, Outcome.ANSWERED, reply.why(), given + Question.text(request, given));
        },
        failure ->
            verdict(request, Outcome.FAILED, "not-sent", String.valueOf(failure.getMessage())));
  }

  private static boolean isProxyOffer(DhcpMessage reply) {
    return reply.yiaddr().isAny()
        && reply.options().messageType().filter(DhcpMessageType.OFFER::equals).isPresent();
  }

  private void leftOut(DhcpMessage request, int code) {
    verdict(request, Outcome.NOTED, "option-left-out", "no room in the reply for option " + code);
  }

  private void ignored(DhcpMessage message, IgnoreReason reason) {
    String asked = Question.text(message, Ipv4.ANY);
    verdict(message, Outcome.IGNORED, reason.label(), reason.sentence() + asked);
  }

  private void verdict(DhcpMessage message, Outcome outcome, String reason, String detail) {
    verdict(Optional.of(message.chaddr()), outcome, type(message), reason, detail);
  }

  private static String type(DhcpMessage message) {
    return message.options().messageType().map(DhcpMessageType::name).orElse("OTHER");
  }

  private void verdict(
      Optional<Mac> mac, Outcome outcome, String what, String reason, String detail) {
    trace.packet(new PacketVerdict("dhcp", interfaceName, mac, outcome, what, reason, detail));
  }
}
