package io.mammatus.metadata;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import io.mammatus.metadata.ec2.Ec2Tree;
import io.mammatus.metadata.record.InstanceRecord;
import io.mammatus.metadata.who.Caller;
import io.mammatus.metadata.who.Neighbours;
import io.mammatus.platform.http.Guests;
import io.mammatus.platform.work.Blocking;
import io.mammatus.store.trace.TraceRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Answers on 169.254.169.254 from the cloud in memory: no request reads the database. Every request
 * and its outcome goes to the trace of its instance; none is dropped in silence.
 */
public final class MetadataService extends VerticleBase {

  private static final int MAX_AT_ONCE = 512;

  /**
   * A few of each instance that starts; a client asks for one thing after the other. One that asks
   * for hundreds at once is still told when to come again.
   */
  private static final Guests.Limits LIMITS = new Guests.Limits(2048, 512, Duration.ofSeconds(30));

  private static final String TEXT = "text/plain; charset=utf-8";

  private final MetadataConfig config;
  private final Supplier<Cloud> cloud;
  private final Consumer<TraceRecord> trace;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final int maxAtOnce;
  private int atOnce;

  public MetadataService(
      MetadataConfig config,
      Supplier<Cloud> cloud,
      Consumer<TraceRecord> trace,
      InstantSource clock,
      MeterRegistry meters) {
    this(config, cloud, trace, clock, meters, MAX_AT_ONCE);
  }

  /**
   * @param maxAtOnce how many requests may wait to be told who asks; more are told to come again
   */
  MetadataService(
      MetadataConfig config,
      Supplier<Cloud> cloud,
      Consumer<TraceRecord> trace,
      InstantSource clock,
      MeterRegistry meters,
      int maxAtOnce) {
    this.config = config;
    this.cloud = cloud;
    this.trace = trace;
    this.clock = clock;
    this.meters = meters;
    this.maxAtOnce = maxAtOnce;
  }

  @Override
  public Future<?> start() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.address().toString())
            .setPort(config.port())
            .setIdleTimeout(60)
            .setMaxInitialLineLength(1024)
            .setMaxHeaderSize(4096);
    Guests guests = new Guests(vertx, LIMITS, (reason, _) -> count(0, reason));
    return Blocking.run(vertx, () -> LinkLocalAddress.ensure(config))
        .compose(v -> guests.server(options, this::handle).listen());
  }

  /** Both are of a few words: the number of counters is bounded. */
  private void count(int status, String reason) {
    meters
        .counter("mammatus.metadata", "status", Integer.toString(status), "reason", reason)
        .increment();
  }

  /** Who asks is what the connection says; no header of the request is believed about that. */
  private void handle(HttpServerRequest request) {
    IpAddress source = IpAddress.parse(request.remoteAddress().hostAddress());
    if (atOnce >= maxAtOnce) {
      later(request, source, "busy");
      return;
    }
    atOnce++;
    Blocking.call(vertx, () -> Neighbours.of(source))
        .onComplete(found -> {
          atOnce--;
          if (found.failed()) {
            later(request, source, "neighbours-unreadable");
          } else {
            answer(request, source, found.result());
          }
        });
  }

  private void later(HttpServerRequest request, IpAddress source, String reason) {
    note(request, source, Optional.empty(), Optional.empty(), 503, reason);
    request.response().putHeader("Retry-After", "1");
    end(request, 503, "try again\n");
  }

  private void answer(HttpServerRequest request, IpAddress source, Optional<Mac> neighbour) {
    switch (Caller.of(cloud.get(), source, neighbour)) {
      case Caller.Known(Resource<InstanceSpec, InstanceStatus> instance) ->
          answer(request, source, instance);
      case Caller.Refused(String reason, Optional<Ref> whose) -> {
        note(request, source, whose.map(Ref::id), neighbour, 403, reason);
        end(request, 403, "not for you: " + reason + "\n");
      }
    }
  }

  private void answer(
      HttpServerRequest request,
      IpAddress source,
      Resource<InstanceSpec, InstanceStatus> instance) {
    Optional<Mac> mac = Optional.ofNullable(instance.status().mac());
    Optional<Uid> id = Optional.of(instance.id());
    boolean reads =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    if (!reads) {
      // A token cannot be had yet; 403 is what AWS answers where version 2 is off.
      int status = request.method().equals(HttpMethod.PUT) ? 403 : 405;
      note(request, source, id, mac, status, "method");
      end(request, status, "");
      return;
    }
    Optional<String> found =
        InstanceRecord.of(cloud.get(), instance)
            .flatMap(record -> Ec2Tree.of(record).get(path(request)));
    note(request, source, id, mac, found.isPresent() ? 200 : 404, "");
    end(request, found.isPresent() ? 200 : 404, found.orElse(""));
  }

  private void note(
      HttpServerRequest request,
      IpAddress source,
      Optional<Uid> subject,
      Optional<Mac> mac,
      int status,
      String reason) {
    count(status, reason);
    String path = TraceRecord.printable(path(request));
    trace.accept(
        new TraceRecord(
            clock.instant(),
            subject,
            mac,
            Optional.of(source),
            "metadata",
            TraceRecord.printable(request.method().name().toLowerCase(Locale.ROOT)),
            reason,
            Map.of("path", path, "status", Integer.toString(status))));
  }

  private static String path(HttpServerRequest request) {
    String path = request.path();
    return path == null ? "/" : path;
  }

  private static void end(HttpServerRequest request, int status, String body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", TEXT)
        .end(body)
        .onFailure(e -> request.connection().close().onComplete(done -> {}));
  }
}
