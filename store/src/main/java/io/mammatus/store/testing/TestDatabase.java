package io.mammatus.store.testing;

import io.mammatus.store.Database;
import io.mammatus.store.DatabaseSettings;
import io.mammatus.store.embedded.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A migrated database of a test's own, with the Vert.x it is used by. Methods block. */
public final class TestDatabase implements AutoCloseable {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final int LIMIT_SECONDS = 60;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
  private final DatabaseSettings settings;
  private final Database database;

  private TestDatabase(EmbeddedPostgres server, String name) {
    this.settings = DatabaseSettings.of(server, name);
    this.database =
        await(
            Database.create(vertx, settings, name)
                .compose(created -> Database.open(vertx, settings)));
  }

  /** A new database on the server that all tests of this JVM share. */
  public static TestDatabase fresh(Class<?> test) {
    return on(TestServer.shared(), test);
  }

  /** A new database on a server of the test's own. */
  public static TestDatabase on(EmbeddedPostgres server, Class<?> test) {
    String name = test.getSimpleName().toLowerCase(Locale.ROOT) + COUNT.incrementAndGet();
    return new TestDatabase(server, name);
  }

  public Vertx vertx() {
    return vertx;
  }

  public Database database() {
    return database;
  }

  public DatabaseSettings settings() {
    return settings;
  }

  /** The future's value, or its failure thrown; fails after a minute. */
  public static <T> T await(Future<T> future) {
    try {
      return future.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came within " + LIMIT_SECONDS + " s", e);
    }
  }

  @Override
  public void close() {
    await(database.close());
    await(vertx.close());
  }
}
