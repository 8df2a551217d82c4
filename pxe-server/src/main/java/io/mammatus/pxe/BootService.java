package io.mammatus.pxe;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.machine.Sighting;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import io.mammatus.protocols.boot.KernelArguments;
import io.mammatus.pxe.httpboot.NodeBootSettings;
import io.mammatus.pxe.lease.LeaseKeeper;
import io.mammatus.pxe.lease.ServerIdentity;
import io.mammatus.pxe.neighbour.NeighbourRoom;
import io.mammatus.pxe.neighbour.NeighbourTable;
import io.mammatus.pxe.trace.BootProgress;
import io.mammatus.pxe.trace.Budget;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.CloudBootView;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.LocalView;
import io.mammatus.pxe.view.ServerAddresses;
import io.mammatus.store.Database;
import io.mammatus.store.lease.Duties;
import io.mammatus.store.lease.Leases;
import io.mammatus.store.presence.Announcements;
import io.mammatus.store.sighting.Sightings;
import io.mammatus.store.trace.TraceRecord;
import io.mammatus.store.trace.TraceWriter;
import io.mammatus.store.view.CloudView;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The boot server on a real cloud: its view follows the log, unknown cards go to the table of
 * sightings, verdicts and progress go to the trace. Nothing of this is on the way of a packet.
 */
public final class BootService {

  private static final System.Logger LOG = System.getLogger(BootService.class.getName());
  private static final int MAX_SIGHTINGS = 4096;
  private static final long RETRY_MILLIS = 500;
  private static final long ADDRESSES_MILLIS = 1_000;

  private final Vertx vertx;
  private final BootConfig config;
  private final CloudView cloud;
  private final Database database;
  private final Announcements announcements;
  private final Sightings sightings;
  private final TraceWriter trace;
  private final MeterRegistry meters;
  private final AtomicReference<CloudBootView> published;
  private final BootViews views;
  private final NeighbourRoom neighbours;
  private final Clock clock;
  private volatile ServerAddresses addresses;

  public BootService(
      Vertx vertx,
      BootConfig config,
      Database database,
      CloudView cloud,
      TraceWriter trace,
      MeterRegistry meters,
      Clock clock) {
    this.vertx = vertx;
    this.config = config;
    this.cloud = cloud;
    this.database = database;
    this.announcements = new Announcements(database);
    this.sightings = new Sightings(database, MAX_SIGHTINGS);
    this.trace = trace;
    this.meters = meters;
    this.published = new AtomicReference<>(new CloudBootView(cloud.cloud()));
    this.addresses = ServerAddresses.of(config.interfaces());
    this.views = new BootViews(new LocalView(published.get(), addresses));
    this.neighbours = new NeighbourRoom(new NeighbourTable(), config.interfaces());
    this.clock = clock;
  }

  /** Completes when it serves. Waits for a control plane to have started once. */
  public Future<Void> start() {
    cloud.listen((before, after, entries) -> publish(after));
    publish(cloud.cloud());
    vertx.setPeriodic(ADDRESSES_MILLIS, _ -> lookAtAddresses());
    return endpoint()
        .compose(endpoint ->
            vertx.deployVerticle(
                new PxeServer(
                    new PxeConfig(
                        config.interfaces(),
                        config.httpPort(),
                        config.loaders(),
                        config.images(),
                        config.blobs(),
                        config.nodeImageVersion(),
                        config.secureBoot(),
                        config.endIpv6Wait(),
                        config.https(),
                        endpoint,
                        config.dns().enabled()
                            ? Optional.of(config.dns().settings())
                            : Optional.empty()),
                    views,
                    this::seen,
                    new Recorder(),
                    clock,
                    this::keeper)))
        .mapEmpty();
  }

  private Optional<LeaseKeeper> keeper(Set<String> interfaces) {
    return Optional.of(
        new LeaseKeeper(
            vertx,
            new Leases(database),
            new Duties(database),
            views,
            interfaces,
            ServerIdentity.here(config.httpPort())));
  }

  private void publish(Cloud now) {
    publish(published.updateAndGet(last -> last.next(now)));
    List<NetworkSpec> networks = now.networks().stream().map(Resource::spec).toList();
    if (neighbours.isWanted(networks)) {
      vertx
          .executeBlocking(() -> {
            neighbours.make(networks);
            return true;
          })
          .onFailure(e -> LOG.log(System.Logger.Level.WARNING, "no room for neighbours", e));
    }
  }

  private void publish(CloudBootView view) {
    views.publish(new LocalView(view, addresses));
  }

  /** Addresses move between servers, and come after the interface does. */
  private void lookAtAddresses() {
    vertx
        .executeBlocking(() -> ServerAddresses.of(config.interfaces()))
        .onSuccess(now -> {
          if (!now.equals(addresses)) {
            addresses = now;
            publish(published.get());
          }
        })
        .onFailure(e -> LOG.log(System.Logger.Level.WARNING, "addresses are not to be seen", e));
  }

  private Future<NodeBootSettings> endpoint() {
    return Future.all(
            announcements.get(Announcements.CA_FINGERPRINT),
            announcements.get(Announcements.AGENT_PORT))
        .compose(both -> {
          Optional<String> fingerprint = both.resultAt(0);
          Optional<String> port = both.resultAt(1);
          if (fingerprint.isPresent() && port.isPresent()) {
            return Future.succeededFuture(
                new NodeBootSettings(
                    config.control(),
                    Integer.parseInt(port.get()),
                    fingerprint.get().replace("sha256:", ""),
                    KernelArguments.parse(String.join(" ", config.kernelArguments()))));
          }
          LOG.log(System.Logger.Level.INFO, "waiting for a control plane to start");
          return vertx.timer(RETRY_MILLIS).compose(v -> endpoint());
        });
  }

  private void seen(Sighting sighting, String vendorClass) {
    sightings
        .note(
            sighting,
            vendorClass.isEmpty() ? Optional.empty() : Optional.of(vendorClass),
            clock.instant())
        .onSuccess(noted -> {
          if (!noted) {
            meters.counter("mammatus.sightings.refused").increment();
          }
        })
        .onFailure(e ->
            LOG.log(System.Logger.Level.WARNING, "a sighting was not noted: {0}", e.getMessage()));
  }

  /** Verdicts and progress as trace records. */
  private final class Recorder implements PxeTrace {

    private static final int STRANGERS_PER_SECOND = 200;
    private static final int STRANGERS_AT_ONCE = 4_000;

    private final Budget strangers = new Budget(STRANGERS_PER_SECOND, STRANGERS_AT_ONCE);
    private final Counter untold = meters.counter("mammatus.packets.untold");
    private final Map<Label, Counter> counters = new ConcurrentHashMap<>();

    /** What tells one counter from another. */
    private record Label(String protocol, PacketVerdict.Outcome outcome, String what, String why) {}

    @Override
    public void packet(PacketVerdict verdict) {
      count(verdict.protocol(), verdict.outcome(), verdict.what(), verdict.reason());
      Optional<Uid> subject =
          verdict.mac().flatMap(mac -> views.current().hostByMac(mac)).flatMap(this::id);
      // Of clients that come and go there may be thousands a second: their story is told in part.
      if (subject.isEmpty() && !strangers.take(System.nanoTime())) {
        untold.increment();
        return;
      }
      Map<String, String> detail = new LinkedHashMap<>();
      detail.put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT));
      detail.put("interface", verdict.interfaceName());
      detail.put("detail", verdict.detail());
      write(
          new TraceRecord(
              clock.instant(),
              subject,
              verdict.mac(),
              Optional.empty(),
              verdict.protocol(),
              verdict.what().toLowerCase(Locale.ROOT),
              verdict.reason(),
              detail));
    }

    @Override
    public void count(String protocol, PacketVerdict.Outcome outcome, String what, String reason) {
      count(protocol, outcome, what, reason, 1);
    }

    @Override
    public void count(
        String protocol, PacketVerdict.Outcome outcome, String what, String reason, int packets) {
      counters
          .computeIfAbsent(new Label(protocol, outcome, what, reason), this::counter)
          .increment(packets);
    }

    @Override
    public void progress(BootProgress progress) {
      Map<String, String> detail = new LinkedHashMap<>();
      detail.put("file", progress.file());
      detail.put("bytes", Long.toString(progress.bytes()));
      detail.put("millis", Long.toString(progress.took().toMillis()));
      write(
          new TraceRecord(
              clock.instant(),
              progress.host().flatMap(this::id),
              Optional.empty(),
              Optional.of(progress.address()),
              "boot",
              progress.step(),
              progress.stage().name().toLowerCase(Locale.ROOT),
              detail));
    }

    /** Every label is one of a few words: the number of counters is bounded. */
    private Counter counter(Label label) {
      return meters.counter(
          "mammatus.packets",
          "protocol",
          label.protocol(),
          "outcome",
          label.outcome().name().toLowerCase(Locale.ROOT),
          "what",
          label.what(),
          "reason",
          label.why());
    }

    private Optional<Uid> id(Host host) {
      return host.id().isEmpty() ? Optional.empty() : Optional.of(Uid.parse(host.id()));
    }

    private void write(TraceRecord written) {
      if (!trace.write(written)) {
        LOG.log(System.Logger.Level.DEBUG, "the trace is full");
      }
    }
  }
}
