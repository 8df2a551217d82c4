package io.mammatus.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listens on one of PostgreSQL's channels, on a connection of its own that is made again whenever
 * it is lost. Each time it listens (anew), the handler is called as for a notification: whatever
 * was committed before then is found by asking.
 */
public final class Listener {

  private static final System.Logger LOG = System.getLogger(Listener.class.getName());
  private static final Duration RETRY = Duration.ofMillis(250);

  private final Database database;
  private final String channel;
  private final Runnable woken;
  private final Consumer<String> trouble;
  private final Vertx vertx;
  private final Context context;

  // On the context only.
  private @Nullable PgConnection connection;
  private volatile boolean closed;

  private Listener(Database database, String channel, Runnable woken, Consumer<String> trouble) {
    this.database = database;
    this.channel = channel;
    this.woken = woken;
    this.trouble = trouble;
    this.vertx = database.vertx();
    this.context = vertx.getOrCreateContext();
  }

  /**
   * Begins to listen.
   *
   * @param channel a plain name: it is not quoted
   * @param woken called on the caller's context
   * @param trouble told why it does not listen at the moment; on the same context
   */
  public static Listener start(
      Database database, String channel, Runnable woken, Consumer<String> trouble) {
    Listener listener = new Listener(database, channel, woken, trouble);
    listener.context.runOnContext(go -> listener.listen());
    return listener;
  }

  public Future<Void> close() {
    closed = true;
    return Future.<Void>future(ended ->
        context.runOnContext(go -> {
          PgConnection held = connection;
          connection = null;
          Future<Void> closing = held == null ? Future.succeededFuture() : held.close();
          closing.onComplete(done -> ended.complete());
        }));
  }

  private void listen() {
    if (closed) {
      return;
    }
    database
        .connect()
        .compose(fresh -> {
          connection = fresh;
          fresh.notificationHandler(notification -> woken.run());
          fresh.closeHandler(gone -> context.runOnContext(go -> lost(fresh)));
          return fresh.query("listen " + channel).execute();
        })
        .onSuccess(listening -> woken.run())
        .onFailure(this::failed);
  }

  private void lost(PgConnection gone) {
    if (gone.equals(connection)) {
      connection = null;
      again("the connection to PostgreSQL was lost");
    }
  }

  private void failed(Throwable why) {
    PgConnection half = connection;
    connection = null;
    if (half != null) {
      half.close().onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "close", e));
    }
    again("cannot listen to PostgreSQL: " + why.getMessage());
  }

  private void again(String why) {
    if (!closed) {
      trouble.accept(why);
      vertx.setTimer(RETRY.toMillis(), tick -> listen());
    }
  }
}
