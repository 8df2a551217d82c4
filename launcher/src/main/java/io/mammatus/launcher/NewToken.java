package io.mammatus.launcher;

import io.mammatus.control.api.AdminToken;
import io.mammatus.store.Database;
import io.mammatus.store.DatabaseSettings;
import io.mammatus.store.embedded.EmbeddedException;
import io.mammatus.store.embedded.EmbeddedPostgres;
import io.mammatus.store.embedded.EmbeddedSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Replaces the administrator's token, whether the cloud runs or not: through the database, which
 * root of this machine and the user that the cloud runs as may reach, and nobody else.
 */
final class NewToken {

  private static final int LIMIT_SECONDS = 60;

  private static final int START_SECONDS = 20;

  private NewToken() {}

  /** The new token; the old one is void. Blocking. */
  static String make(CloudConfig config) {
    return config
        .database()
        .map(NewToken::make)
        .orElseGet(() -> embedded(config.data().orElseThrow()));
  }

  /** The same, where the database is one that somebody else runs. */
  static String make(DatabaseSettings database) {
    return replace(database, false);
  }

  /** By the server that runs, if one does; else by one that is started and stopped again. */
  private static String embedded(Path data) {
    EmbeddedSettings settings = new EmbeddedSettings(data.resolve("postgres"));
    if (answers(settings.socket())) {
      return replace(socket(settings), true);
    }
    try (EmbeddedPostgres _ = EmbeddedPostgres.start(settings)) {
      return replace(socket(settings), true);
    } catch (EmbeddedException e) {
      if (awaitAnswer(settings.socket())) { // the cloud was just starting
        return replace(socket(settings), true);
      }
      throw e;
    }
  }

  private static boolean awaitAnswer(Path socket) {
    for (int i = 0; i < START_SECONDS * 5; i++) {
      if (answers(socket)) {
        return true;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
    return false;
  }

  private static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false; // nobody listens there
    }
  }

  /** By its socket, as who we are: PostgreSQL asks the kernel who calls. */
  private static DatabaseSettings socket(EmbeddedSettings settings) {
    return new DatabaseSettings(
        Optional.empty(),
        Optional.of(settings.socket()),
        Foundation.DATABASE,
        Foundation.DATABASE,
        Optional.empty(),
        false,
        Optional.empty(),
        1);
  }

  private static String replace(DatabaseSettings settings, boolean create) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    try {
      return await(
          (create
                  ? Database.create(vertx, settings, Foundation.DATABASE)
                  : Future.<Void>succeededFuture())
              .compose(created -> Database.open(vertx, settings))
              .compose(database ->
                  AdminToken.replace(database, Clock.systemUTC()).eventually(database::close)));
    } finally {
      await(vertx.close());
    }
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T await(Future<T> future) {
    try {
      return future.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the database did not answer in time", e);
    }
  }
}
