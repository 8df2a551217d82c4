package io.mammatus.launcher;

import io.mammatus.platform.metrics.Metrics;
import io.mammatus.store.Database;
import io.mammatus.store.DatabaseSettings;
import io.mammatus.store.embedded.EmbeddedPostgres;
import io.mammatus.store.embedded.EmbeddedSettings;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.trace.TraceWriter;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What every service stands on: Vert.x, the database, the cloud in memory, the trace. One a
 * process.
 */
final class Foundation {

  private static final int TRACE_QUEUE = 20_000;
  static final String DATABASE = "mammatus";

  private final Vertx vertx;
  private final Metrics metrics;
  private @Nullable EmbeddedPostgres postgres;

  private Foundation(Metrics metrics, VertxOptions options) {
    this.metrics = metrics;
    this.vertx = metrics.vertx(options);
  }

  /** What a service is built from. */
  record Parts(
      Vertx vertx, Database database, CloudView view, TraceWriter trace, Metrics metrics) {}

  static Foundation create() {
    // The JDK's resolver does as the system is told; Netty's, where that is nothing, asks a public
    // server on the Internet.
    System.setProperty("vertx.disableDnsResolver", "true");
    return new Foundation(
        new Metrics(),
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(2)
            .setWorkerPoolSize(8)
            .setInternalBlockingPoolSize(4));
  }

  Vertx vertx() {
    return vertx;
  }

  /** Starts the embedded server; blocking, before anything else runs. */
  DatabaseSettings embedded(Path data) {
    EmbeddedPostgres server =
        EmbeddedPostgres.start(new EmbeddedSettings(data.resolve("postgres")));
    postgres = server;
    return DatabaseSettings.of(server, DATABASE);
  }

  /** Opens the database and everything on it, then starts what is asked for. */
  Future<Void> open(
      DatabaseSettings settings, boolean create, Function<Parts, Future<Void>> start) {
    Future<Void> created =
        create ? Database.create(vertx, settings, DATABASE) : Future.succeededFuture();
    return created
        .compose(v -> Database.open(vertx, settings))
        .compose(database ->
            CloudView.open(database, new EventLog(database))
                .map(view ->
                    new Parts(
                        vertx, database, view, new TraceWriter(database, TRACE_QUEUE), metrics)))
        .compose(start);
  }

  /** Ends everything, the embedded server last; blocking. */
  void close() {
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(20, java.util.concurrent.TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      System.getLogger("mammatus").log(System.Logger.Level.WARNING, "not all was closed", e);
    }
    EmbeddedPostgres server = postgres;
    if (server != null) {
      server.close();
    }
  }
}
