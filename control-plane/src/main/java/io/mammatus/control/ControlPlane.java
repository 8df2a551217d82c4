package io.mammatus.control;

import io.mammatus.control.agents.AgentGateway;
import io.mammatus.control.agents.PresenceKeeper;
import io.mammatus.control.agents.RefusedAgents;
import io.mammatus.control.api.ApiServer;
import io.mammatus.control.blobs.BlobFolder;
import io.mammatus.control.blobs.BlobKeeper;
import io.mammatus.control.enrol.Enroller;
import io.mammatus.control.identity.CertificateAuthority;
import io.mammatus.control.identity.ServerTls;
import io.mammatus.control.write.CloudWriter;
import io.mammatus.core.net.Mac;
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
import io.mammatus.store.trace.TraceWriter;
import io.mammatus.store.trace.Traces;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

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
                  new RefusedAgents(metrics.registry(), view, trace::write, clock));
          return vertx
              .deployVerticle(gateway)
              .onSuccess(id -> {
                new Enroller(vertx, new Sightings(database, MAX_SIGHTINGS), writer, clock).start();
                new PresenceKeeper(vertx, new Presence(database), gateway, view, writer).start();
                new BlobKeeper(vertx, view, BlobFolder.in(config.blobs()), clock).start();
                stand();
                vertx.setPeriodic(AGEING_MILLIS, timer -> ageTrace());
              })
              .compose(id -> serve(ca));
        })
        .compose(v -> new FirstNetworks(log, view, writer).make(config.networks()));
  }

  /** The trace is bounded in time and in number, for each network card and in all. */
  private void ageTrace() {
    if (writer.leads() && ageing.compareAndSet(false, true)) { // it may take longer than a minute
      new Traces(database)
          .age(
              clock.instant().minus(TRACE_KEPT),
              new Traces.Bounds(TRACES_PER_CARD, config.traceRecords()),
              cards())
          .onComplete(done -> ageing.set(false))
          .onFailure(e -> LOG.log(System.Logger.Level.WARNING, "the trace was not aged", e));
    }
  }

  /** The network cards of the machines that the cloud knows. */
  private List<Mac> cards() {
    return view.cloud().machines().stream()
        .flatMap(m -> Stream.concat(m.spec().macs().stream(), m.status().macs().stream()))
        .distinct()
        .toList();
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

  public CloudWriter writer() {
    return writer;
  }
}
