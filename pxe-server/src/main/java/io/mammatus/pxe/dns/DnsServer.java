package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import io.mammatus.pxe.lease.LeasedNames;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.Subnet;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * DNS on the server's address of each network that is served, as the networks come and go. An
 * address that cannot be listened on is told of once and tried again: the cloud boots without DNS.
 * All of it runs on the event loop that makes it.
 */
public final class DnsServer {

  private static final System.Logger LOG = System.getLogger(DnsServer.class.getName());
  private static final long RETRY_MILLISECONDS = 10_000;

  private final Vertx vertx;
  private final Context context;
  private final Set<String> interfaces;
  private final BootViews views;
  private final LeasedNames leased;
  private final DnsSettings settings;
  private final PxeTrace trace;
  private final Clock clock;
  private final Upstreams upstreams;
  private final Forwarder forwarder;
  private final DnsResponder responder;
  private final Map<Ipv4, DnsListener> listeners = new HashMap<>();
  private final Set<Ipv4> answering = ConcurrentHashMap.newKeySet();
  private final Set<Ipv4> told = new HashSet<>();
  private final AtomicBoolean lookDue = new AtomicBoolean();
  private @Nullable Zones zones;
  private Runnable unsubscribe = () -> {};
  private long timer = -1;
  private boolean stopped;

  /**
   * To be called on the event loop that is to run it.
   *
   * @param interfaces whose networks are served
   * @param leased what clients of pools call themselves, of the same event loop
   */
  public DnsServer(
      Vertx vertx,
      List<String> interfaces,
      BootViews views,
      LeasedNames leased,
      DnsSettings settings,
      PxeTrace trace,
      Clock clock) {
    this(vertx, interfaces, views, leased, settings, RateLimits.DEFAULT, trace, clock);
  }

  DnsServer(
      Vertx vertx,
      List<String> interfaces,
      BootViews views,
      LeasedNames leased,
      DnsSettings settings,
      RateLimits limits,
      PxeTrace trace,
      Clock clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.interfaces = Set.copyOf(interfaces);
    this.views = views;
    this.leased = leased;
    this.settings = settings;
    this.trace = trace;
    this.clock = clock;
    this.upstreams =
        new Upstreams(one -> one.port() == settings.port() && listensOn(one.address()));
    this.forwarder = new Forwarder(vertx, upstreams);
    this.responder =
        new DnsResponder(this::zones, forwarder, trace, limits, new SecureRandom().nextInt());
  }

  /** Never fails: what cannot be listened on is told of. */
  public Future<Void> start() {
    unsubscribe = views.onChange(this::viewChanged);
    timer =
        vertx.setPeriodic(
            RETRY_MILLISECONDS,
            _ -> {
              look().onFailure(this::unexpected);
              findUpstreams().onFailure(this::unexpected);
            });
    return findUpstreams().compose(_ -> look());
  }

  public Future<Void> stop() {
    stopped = true;
    unsubscribe.run();
    vertx.cancelTimer(timer);
    answering.clear();
    Future<Void> closed = forwarder.stop();
    for (DnsListener listener : listeners.values()) {
      closed = closed.eventually(listener::close);
    }
    listeners.clear();
    return closed;
  }

  /**
   * Whether that address of this machine answers by UDP and TCP on port 53, which is the only one
   * that clients can be told of; from any thread.
   */
  public boolean isAnswering(Ipv4 server) {
    return settings.port() == Upstream.DNS_PORT && listensOn(server);
  }

  boolean listensOn(Ipv4 server) {
    return answering.contains(server);
  }

  private Zones zones() {
    BootView now = views.current();
    Zones known = zones;
    if (known == null || !known.isOf(now)) {
      known = new Zones(now, settings.zone(), clock.instant().getEpochSecond(), leased, clock);
      zones = known;
    }
    return known;
  }

  /** From any thread; many changes in a row are looked at once. */
  private void viewChanged() {
    if (lookDue.compareAndSet(false, true)) {
      context.runOnContext(_ -> {
        lookDue.set(false);
        look().onFailure(this::unexpected);
      });
    }
  }

  /** Listens where it should and does not yet, and no more where it should not. */
  private Future<Void> look() {
    Set<Ipv4> wanted = new HashSet<>();
    for (Subnet subnet : views.current().subnets()) {
      if (interfaces.contains(subnet.interfaceName())) {
        wanted.add(subnet.serverAddress());
      }
    }
    Future<Void> done = Future.succeededFuture();
    for (Ipv4 gone : List.copyOf(listeners.keySet())) {
      if (!wanted.contains(gone)) {
        DnsListener listener = listeners.remove(gone);
        answering.remove(gone);
        done = listener == null ? done : done.eventually(listener::close);
      }
    }
    told.retainAll(wanted);
    for (Ipv4 address : wanted) {
      if (!stopped && !listeners.containsKey(address)) {
        done = done.eventually(() -> listen(address));
      }
    }
    return done;
  }

  private Future<Void> listen(Ipv4 address) {
    if (stopped || listeners.containsKey(address)) {
      return Future.succeededFuture();
    }
    DnsListener listener = new DnsListener(vertx, address, settings.port(), responder, trace);
    listeners.put(address, listener);
    return listener
        .open()
        .compose(_ -> opened(address, listener))
        .recover(failure -> {
          listeners.remove(address, listener);
          tell(address, failure);
          return Future.succeededFuture();
        });
  }

  private Future<Void> opened(Ipv4 address, DnsListener listener) {
    if (!listener.equals(listeners.get(address))) {
      return listener.close(); // nobody wants it any more
    }
    answering.add(address);
    if (told.remove(address)) {
      LOG.log(System.Logger.Level.INFO, "DNS answers on {0} now", address);
    }
    return Future.succeededFuture();
  }

  private void tell(Ipv4 address, Throwable failure) {
    if (told.add(address)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "DNS does not answer on {0}, and machines are not told of it: port {1} cannot be had"
              + " ({2}). End what listens there (ss -lnp sport = :{1}), or set boot.dns.enabled to"
              + " false; it is tried again every {3} seconds",
          address,
          String.valueOf(settings.port()),
          failure.getMessage(),
          RETRY_MILLISECONDS / 1000);
    }
  }

  private Future<Void> findUpstreams() {
    if (!settings.upstreams().isEmpty()) {
      upstreams.set(settings.upstreams(), settings.fallback());
      return Future.succeededFuture();
    }
    return vertx
        .fileSystem()
        .readFile(settings.resolvConf().toString())
        .map(text -> ResolvConf.parse(text.toString()))
        .otherwise(List.of())
        .onSuccess(found -> upstreams.set(found, settings.fallback()))
        .mapEmpty();
  }

  private void unexpected(Throwable failure) {
    LOG.log(System.Logger.Level.ERROR, "DNS could not look at its networks", failure);
  }
}
