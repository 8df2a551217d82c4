package io.mammatus.launcher.services;

import static io.mammatus.store.testing.TestDatabase.await;

import io.mammatus.platform.logging.Logging;
import io.mammatus.store.Database;
import io.mammatus.store.DatabaseSettings;
import io.mammatus.store.embedded.EmbeddedPostgres;
import io.mammatus.store.embedded.EmbeddedSettings;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A PostgreSQL with the database mammatus, as a process of its own: to the services, external. */
final class PostgresMain {

  private PostgresMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    Logging.start();
    EmbeddedPostgres server = EmbeddedPostgres.start(new EmbeddedSettings(Path.of(arguments[0])));
    System.setProperty("vertx.disableDnsResolver", "true");
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    await(Database.create(vertx, DatabaseSettings.of(server, "mammatus"), "mammatus"));
    System.out.println("mammatus: ready");
    new CountDownLatch(1).await();
  }
}
