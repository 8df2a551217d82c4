package io.mammatus.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.control.api.contract.Contract;
import io.mammatus.control.api.contract.ContractRules;
import io.mammatus.control.blobs.BlobFolder;
import io.mammatus.control.write.CloudWriter;
import io.mammatus.core.resource.Kind;
import io.mammatus.platform.health.HealthChecks;
import io.mammatus.platform.json.Json;
import io.mammatus.store.Database;
import io.mammatus.store.lease.Leases;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.secret.ApiTokens;
import io.mammatus.store.trace.Traces;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The HTTP API. What is read comes from the view, and needs no database; what is changed goes
 * through the one writer.
 */
public final class ApiServer {

  private static final int MAX_HEADERS = 16 * 1024;
  private static final int IDLE_SECONDS = 60;

  /**
   * Where it listens and what it may do.
   *
   * @param blobs the folder that keeps images by digest
   * @param acceptByName whether a machine may be accepted without its key's fingerprint
   */
  public record Settings(String host, int port, Path blobs, boolean acceptByName) {}

  /**
   * What it stands on.
   *
   * @param metrics all figures in Prometheus's text format
   */
  public record Parts(
      Vertx vertx,
      Database database,
      CloudView view,
      CloudWriter writer,
      HealthChecks health,
      Supplier<String> metrics,
      InstantSource clock) {}

  private final Settings settings;
  private final Parts parts;
  private final EventStream.Limits limits;

  public ApiServer(Settings settings, Parts parts) {
    this(settings, parts, EventStream.Limits.USUAL);
  }

  ApiServer(Settings settings, Parts parts, EventStream.Limits limits) {
    this.settings = settings;
    this.parts = parts;
    this.limits = limits;
  }

  /** Completes with the server when it listens. At the first start of all, prints the token. */
  public Future<HttpServer> start(KeyCertOptions certificate) {
    ApiTokens tokens = new ApiTokens(parts.database());
    String contract = Contract.committed();
    ContractRules rules = ContractRules.of(contract);
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(certificate)
            .setHost(settings.host())
            .setPort(settings.port())
            .setMaxHeaderSize(MAX_HEADERS)
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setHandle100ContinueAutomatically(true);
    return router(contract, rules, new TokenCheck(tokens, parts.clock()))
        .build(contract, rules)
        .compose(router ->
            parts
                .vertx()
                .createHttpServer(options)
                .requestHandler(router)
                .invalidRequestHandler(Failures::unreadable)
                .listen())
        .compose(server ->
            AdminToken.make(tokens, parts.clock())
                .onSuccess(made -> made.ifPresent(ApiServer::show))
                .map(server));
  }

  private static void show(String token) {
    System.out.println("mammatus: administrator token (shown once): " + token);
  }

  private ApiRouter router(String contract, ContractRules rules, TokenCheck check) {
    CloudView view = parts.view();
    EventLog log = new EventLog(parts.database());
    BlobFolder folder = BlobFolder.in(settings.blobs());
    ImageFiles files = new ImageFiles(parts.vertx(), folder);
    ResourceRoutes resources = new ResourceRoutes(view, parts.writer(), rules, files);
    MachineRoutes machines = new MachineRoutes(parts.writer(), settings.acceptByName());
    EventRoutes events = new EventRoutes(parts.vertx(), view, log, limits);
    BlobRoutes blobs = new BlobRoutes(parts.vertx(), folder);
    WhyRoute why = new WhyRoute(view, log, new Traces(parts.database()));
    LeaseRoute leases = new LeaseRoute(view, new Leases(parts.database()), parts.clock());
    ApiRouter router =
        new ApiRouter(parts.vertx(), check)
                .onEach("get", resources::get)
                .onEach("put", resources::put)
                .onEach("patch", resources::patch)
                .onEach("delete", resources::delete)
                .onEach("why", why::why)
                .on("listLeases", leases::list)
                .on("whyCard", why::card)
                .on("acceptMachine", machines::accept)
                .on("rejectKey", machines::reject)
                .on("revokeNode", machines::revoke)
                .stream("events", events::events)
                .on("hasBlob", blobs::has)
                .on("putBlob", blobs::put)
                .on("health", context -> Future.succeededFuture(health()))
                .on("contract", context -> Future.succeededFuture(Answer.json(200, contract)))
                .on("metrics", context -> Future.succeededFuture(metrics()));
    for (Kind kind : Kind.values()) {
      router.stream(Contract.operation("list", kind), context -> list(kind, context, events));
    }
    return router;
  }

  private void list(Kind kind, RoutingContext context, EventRoutes events) {
    if (context.queryParam("watch").contains("true")) {
      events.watch(kind, context);
    } else {
      ListRoute.list(parts.view().cloud(), kind, context).send(context.response());
    }
  }

  private Answer health() {
    HealthChecks.Report report = parts.health().report();
    ObjectNode json =
        Json.strict()
            .mapper()
            .createObjectNode()
            .put("live", report.live())
            .put("ready", report.ready());
    ObjectNode states = json.putObject("parts");
    report
        .parts()
        .forEach((part, health) ->
            states
                .putObject(part)
                .put("state", health.state().name().toLowerCase(java.util.Locale.ROOT))
                .put("reason", health.reason()));
    return Answer.json(report.live() && report.ready() ? 200 : 503, json.toString());
  }

  private Answer metrics() {
    return new Answer(
        200,
        parts.metrics().get(),
        Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8"));
  }
}
