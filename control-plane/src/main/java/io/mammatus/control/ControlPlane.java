package io.mammatus.control;

import io.mammatus.control.agents.AgentGateway;
import io.mammatus.control.agents.PresenceKeeper;
import io.mammatus.control.api.ApiServer;
import io.mammatus.control.enrol.Enroller;
import io.mammatus.control.identity.CertificateAuthority;
import io.mammatus.control.identity.ServerTls;
import io.mammatus.control.write.CloudWriter;
import io.mammatus.control.write.Origin;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Uid;
import io.mammatus.platform.health.HealthChecks;
import io.mammatus.platform.metrics.Metrics;
import io.mammatus.platform.work.Blocking;
import io.mammatus.store.Database;
import io.mammatus.store.leadership.Leadership;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.log.FencingToken;
import io.mammatus.store.presence.Announcements;
import io.mammatus.store.presence.Presence;
import io.mammatus.store.sighting.Sightings;
import io.mammatus.store.trace.TraceRecord;
import io.mammatus.store.trace.TraceWriter;
import io.mammatus.store.trace.Traces;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** Puts the control plane together and starts it. */
public final class ControlPlane {

  private static final System.Logger LOG = System.getLogger(ControlPlane.class.getName());
  private static final int MAX_SIGHTINGS = 4096;
  private static final long AGEING_MILLIS = Duration.ofMinutes(1).toMillis();
  private static final Duration TRACE_KEPT = Duration.ofDays(14);
  private static final int TRACES_PER_CARD = 2000;

  private final Vertx vertx;
  private final ControlPlaneConfig config;
  private final Database database;
  private final CloudView view;
  private final TraceWriter trace;
  private final Metrics metrics;
  private final InstantSource clock;
  private final EventLog log;
  private final CloudWriter writer;
  private final AtomicBoolean ageing = new AtomicBoolean();

  public ControlPlane(
      Vertx vertx,
      ControlPlaneConfig config,
      Database database,
      CloudView view,
      TraceWriter trace,
      Metrics metrics,
      InstantSource clock) {
    this.vertx = vertx;
    this.config = config;
    this.database = database;
    this.view = view;
    this.trace = trace;
    this.metrics = metrics;
    this.clock = clock;
    this.log = new EventLog(database);
    this.writer = new CloudWriter(view, log, clock);
  }

  /** Completes when it serves. */
  public Future<Void> start() {
    return Blocking.call(vertx, () -> CertificateAuthority.open(config.identity(), clock))
        .compose(this::announce)
        .compose(ca -> {
          AgentGateway gateway =
              new AgentGateway(
                  new AgentGateway.Settings(
                      config.agents().host(), config.agents().port(), config.bootPort(), names()),
                  view,
                  writer,
                  ca,
                  this::refused);
          return vertx
              .deployVerticle(gateway)
              .onSuccess(id -> {
                new Enroller(vertx, new Sightings(database, MAX_SIGHTINGS), writer, clock).start();
                new PresenceKeeper(vertx, new Presence(database), gateway, view, writer).start();
                stand();
                vertx.setPeriodic(AGEING_MILLIS, timer -> ageTrace());
              })
              .compose(id -> serve(ca));
        })
        .compose(v -> applyNetworks());
  }

  /** The trace is bounded in time and in number, for each network card and in all. */
  private void ageTrace() {
    if (writer.leads() && ageing.compareAndSet(false, true)) { // it may take longer than a minute
      new Traces(database)
          .age(
              clock.instant().minus(TRACE_KEPT),
              new Traces.Bounds(TRACES_PER_CARD, config.traceRecords()))
          .onComplete(done -> ageing.set(false))
          .onFailure(e -> LOG.log(System.Logger.Level.WARNING, "the trace was not aged", e));
    }
  }

  private Future<Void> serve(CertificateAuthority ca) {
    HealthChecks health = new HealthChecks();
    health.register("log", view::health);
    return new ApiServer(
            new ApiServer.Settings(
                config.api().host(), config.api().port(), config.blobs(), config.acceptByName()),
            new ApiServer.Parts(vertx, database, view, writer, health, metrics::scrape, clock))
        .start(ServerTls.keyCert(ca, names()))
        .mapEmpty();
  }

  private Future<CertificateAuthority> announce(CertificateAuthority ca) {
    Announcements announcements = new Announcements(database);
    return announcements
        .get(Announcements.CA_FINGERPRINT)
        .compose(known -> requireSame(known, ca))
        .compose(v -> announcements.put(Announcements.CA_FINGERPRINT, ca.fingerprint()))
        .compose(v ->
            announcements.put(Announcements.AGENT_PORT, Integer.toString(config.agents().port())))
        .map(ca);
  }

  /** With another CA every node would be cut off, and boot scripts would name the wrong one. */
  private Future<Void> requireSame(Optional<String> known, CertificateAuthority ca) {
    return known.isEmpty() || known.get().equals(ca.fingerprint())
        ? Future.succeededFuture()
        : Future.failedFuture(
            "%s holds the certificate authority %s, and this cloud's is %s: copy the folder from where the cloud began, or restore it"
                .formatted(config.identity(), ca.fingerprint(), known.get()));
  }

  /** The names and addresses that this control plane's certificates carry. */
  private List<String> names() {
    List<String> names = new ArrayList<>(List.of("localhost", "127.0.0.1"));
    config.networks().forEach(network -> names.add(network.server().toString()));
    config.names().forEach(name -> names.add(name.toString()));
    return names.stream().distinct().toList();
  }

  private void stand() {
    Leadership.stand(
        database,
        log,
        new Leadership.Listener() {
          @Override
          public void leading(FencingToken token) {
            writer.lead(token);
          }

          @Override
          public void following(String reason) {
            writer.follow();
          }
        });
  }

  /** A network of the configuration that cannot be is told now, not when its machines wait. */
  private static Future<Void> refusedNetworks(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(Outcome.Failed.class::isInstance)
        .map(outcome -> ((Outcome.Failed) outcome).failure())
        .findFirst()
        .<Future<Void>>map(
            failure -> Future.failedFuture("controlPlane.networks: " + failure.message()))
        .orElseGet(Future::succeededFuture);
  }

  private Future<Void> applyNetworks() {
    List<Future<?>> applied = new ArrayList<>();
    for (NetworkConfig network : config.networks()) {
      boolean known =
          view.cloud().find(Kind.NETWORK, Metadata.DEFAULT_WORKSPACE, network.name()).isPresent();
      if (!known) {
        applied.add(
            writer.submit(
                new Command.Apply(
                    Kind.NETWORK,
                    new Uid(UUID.randomUUID()),
                    Metadata.DEFAULT_WORKSPACE,
                    network.name(),
                    Map.of(),
                    network.spec(),
                    0L),
                Origin.of("configuration", "start")));
      }
    }
    return Future.all(applied).compose(all -> refusedNetworks(all.list()));
  }

  private void refused(AgentGateway.Refusal refusal) {
    String remote = refusal.remote();
    trace.write(
        new TraceRecord(
            clock.instant(),
            refusal.node().map(NodeId::uid),
            refusal.card(),
            remote.isEmpty() ? Optional.empty() : Optional.of(IpAddress.parse(remote)),
            "agents",
            "refused",
            refusal.reason(),
            Map.of("detail", refusal.detail())));
  }

  public CloudWriter writer() {
    return writer;
  }
}
