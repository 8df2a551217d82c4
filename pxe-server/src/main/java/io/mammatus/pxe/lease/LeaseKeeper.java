package io.mammatus.pxe.lease;

import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.Subnet;
import io.mammatus.store.lease.Duties;
import io.mammatus.store.lease.Lease;
import io.mammatus.store.lease.LeaseWriter;
import io.mammatus.store.lease.Leases;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Holds the duty for networks, and the leases of those it holds. A server claims every network that
 * it is configured for, again and again; another takes one over when that stops. Whoever finds its
 * term over, because it was asleep, is silent until it has claimed again. Whoever cannot reach the
 * database goes on for machines and instances, whose addresses are the cloud's, the same from every
 * server; of pools it gives nothing, since another server may have taken them over.
 */
public final class LeaseKeeper implements Pools {

  /** A server that dies is replaced within this and one round. */
  public static final Duration TERM = Duration.ofSeconds(3);

  /**
   * A network that this server answers for.
   *
   * @param hands another number means that somebody else answered meanwhile
   * @param book empty until the leases are read
   */
  private record Held(long hands, Optional<LeaseBook> book) {}

  private static final long EVERY_MILLIS = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Names of leases that another server gives are so many rounds old at most. */
  private static final int ROUNDS_OF_NAMES = 10;

  private static final System.Logger LOG = System.getLogger(LeaseKeeper.class.getName());

  private final Vertx vertx;
  private final Context context;
  private final Leases leases;
  private final Duties duties;
  private final BootViews views;
  private final Set<String> interfaces;
  private final ServerIdentity server;
  private final LeaseWriter writer;
  private final Map<NetworkId, Held> held = new HashMap<>();
  private final LeasedNames names = new LeasedNames();
  private Runnable unsubscribe = () -> {};
  private long timer = -1;
  private boolean claiming;
  private long turns;
  private long rounds;

  /** As {@link System#nanoTime} has it, which goes on while a process is stopped. */
  private long termEnds = System.nanoTime();

  private boolean unreachable;

  /**
   * To be made on the event loop that uses it.
   *
   * @param interfaces those that this server has; networks on others are not its own
   * @param server who this one is
   */
  public LeaseKeeper(
      Vertx vertx,
      Leases leases,
      Duties duties,
      BootViews views,
      Set<String> interfaces,
      ServerIdentity server) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.leases = leases;
    this.duties = duties;
    this.views = views;
    this.interfaces = Set.copyOf(interfaces);
    this.server = server;
    this.writer = new LeaseWriter(vertx, leases, server.id());
  }

  /** Completes when every network was claimed once, and the leases of what is held are read. */
  public Future<Void> start() {
    unsubscribe = views.onChange(() -> context.runOnContext(v -> changed()));
    timer = vertx.setPeriodic(EVERY_MILLIS, t -> round());
    return claim().onComplete(_ -> readOthersNames());
  }

  /** Gives everything up, so that another server can answer at once. */
  public Future<Void> stop() {
    unsubscribe.run();
    vertx.cancelTimer(timer);
    held.clear();
    return duties.resign(server.id()).otherwiseEmpty();
  }

  private List<Subnet> own() {
    return views.current().subnets().stream()
        .filter(subnet -> interfaces.contains(subnet.interfaceName()))
        .filter(subnet -> subnet.mode() != DhcpSpec.Mode.OFF)
        .toList();
  }

  private void changed() {
    for (Subnet subnet : own()) {
      Optional.ofNullable(held.get(subnet.network()))
          .flatMap(Held::book)
          .ifPresent(book -> book.change(subnet.dhcp()));
    }
    if (!held.keySet().containsAll(own().stream().map(Subnet::network).toList())) {
      round();
    }
  }

  private void round() {
    claim().onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "no duty was claimed", e));
    if (++rounds % ROUNDS_OF_NAMES == 0) {
      readOthersNames();
    }
  }

  /** The name service tells of all networks, whoever gives their addresses. */
  private void readOthersNames() {
    for (Subnet subnet : views.current().subnets()) {
      NetworkId network = subnet.network();
      if (!subnet.dhcp().pools().isEmpty() && !answersFor(network)) {
        leases
            .named(network)
            .onSuccess(known -> {
              if (!answersFor(network)) {
                names.read(network, known);
              }
            })
            .onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "no names were read", e));
      }
    }
  }

  private Future<Void> claim() {
    List<NetworkId> networks = own().stream().map(Subnet::network).toList();
    if (claiming || networks.isEmpty()) {
      return Future.succeededFuture();
    }
    claiming = true;
    long turn = ++turns;
    long began = System.nanoTime();
    return duties
        .claim(server.id(), server.host(), networks, TERM)
        .compose(now -> {
          if (turn != turns) {
            return Future.succeededFuture();
          }
          termEnds = began + TERM.toNanos();
          return hold(now, turn);
        })
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(done -> {
          claiming = false;
          unreachable = done.failed();
        });
  }

  private boolean isInTerm() {
    return System.nanoTime() - termEnds < 0;
  }

  private Future<Void> hold(Map<NetworkId, Long> now, long turn) {
    for (NetworkId lost : List.copyOf(held.keySet())) {
      if (!now.containsKey(lost)) {
        held.remove(lost);
        LOG.log(System.Logger.Level.INFO, "another server answers DHCP on network {0}", lost);
      }
    }
    Future<Void> all = Future.succeededFuture();
    for (Map.Entry<NetworkId, Long> mine : now.entrySet()) {
      Held before = held.get(mine.getKey());
      if (before == null || before.hands() != mine.getValue() || before.book().isEmpty()) {
        held.put(mine.getKey(), new Held(mine.getValue(), Optional.empty()));
        all = all.compose(v -> read(mine.getKey(), turn));
      }
    }
    return all;
  }

  /** An answer that comes when another claim has begun may be of before somebody else's leases. */
  private Future<Void> read(NetworkId network, long turn) {
    return leases
        .of(network)
        .onSuccess(known -> {
          if (turn == turns) {
            names.read(network, known);
            held.computeIfPresent(network, (id, mine) -> new Held(mine.hands(), book(id, known)));
          }
        })
        .mapEmpty();
  }

  private Optional<LeaseBook> book(NetworkId network, List<Lease> known) {
    return own().stream()
        .filter(subnet -> subnet.network().equals(network))
        .findFirst()
        .map(subnet -> new LeaseBook(network, subnet.dhcp(), known));
  }

  @Override
  public boolean answersFor(NetworkId network) {
    return held.containsKey(network) && (isInTerm() || unreachable);
  }

  @Override
  public Optional<LeaseBook> book(NetworkId network) {
    return isInTerm()
        ? Optional.ofNullable(held.get(network)).flatMap(Held::book)
        : Optional.empty();
  }

  @Override
  public Future<Void> write(Lease lease) {
    return writer.write(lease).onSuccess(_ -> names.told(lease));
  }

  /** What clients of pools call themselves, for the same event loop. */
  public LeasedNames names() {
    return names;
  }
}
