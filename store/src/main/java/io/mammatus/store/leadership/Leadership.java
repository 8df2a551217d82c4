package io.mammatus.store.leadership;

import io.mammatus.store.Database;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.log.FencingToken;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands for leadership until closed. It is lost with the connection that holds the lock: at once
 * when that closes, within {@link #PROOF} and {@link #PATIENCE} when it falls silent.
 */
public final class Leadership {

  /** Told on the context that started the candidacy, in turns: leading, following, leading … */
  public interface Listener {

    /** This process leads. The state must be read anew before the first decision. */
    void leading(FencingToken token);

    /** It leads no longer. What is under way will be refused by the log. */
    void following(String reason);
  }

  private static final System.Logger LOG = System.getLogger(Leadership.class.getName());
  private static final long LOCK = 0x706c616e6e657273L;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration PROOF = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final Database database;
  private final EventLog log;
  private final Listener listener;
  private final Vertx vertx;
  private final Context context;
  private final Promise<Void> ended = Promise.promise();

  // Changed on the context only.
  private @Nullable PgConnection connection;
  private volatile @Nullable FencingToken token;
  private volatile boolean closed;

  private Leadership(Database database, EventLog log, Listener listener) {
    this.database = database;
    this.log = log;
    this.listener = listener;
    this.vertx = database.vertx();
    this.context = vertx.getOrCreateContext();
  }

  public static Leadership stand(Database database, EventLog log, Listener listener) {
    Leadership leadership = new Leadership(database, log, listener);
    leadership.context.runOnContext(go -> leadership.attempt());
    return leadership;
  }

  /** The token, while this process leads as far as it knows. */
  public Optional<FencingToken> token() {
    return Optional.ofNullable(token);
  }

  /** Gives leadership up, if it has it, and stands no more. */
  public Future<Void> close() {
    closed = true;
    context.runOnContext(go -> {
      PgConnection held = connection;
      lose("closed");
      Future<Void> closing = held == null ? Future.succeededFuture() : held.close();
      closing.onComplete(done -> ended.tryComplete());
    });
    return ended.future();
  }

  private void attempt() {
    PgConnection held = connection;
    if (closed) {
      return;
    }
    Future<PgConnection> connecting =
        held == null ? database.connect().map(this::hold) : Future.succeededFuture(held);
    connecting
        .compose(this::tryLock)
        .onSuccess(leads -> {
          PgConnection leading = connection;
          if (leads && leading != null) {
            prove(leading);
          } else {
            later(RETRY, this::attempt);
          }
        })
        .onFailure(e -> {
          LOG.log(System.Logger.Level.DEBUG, "cannot stand for leadership", e);
          drop("PostgreSQL: " + e.getMessage());
          later(RETRY, this::attempt);
        });
  }

  private PgConnection hold(PgConnection fresh) {
    connection = fresh;
    fresh.closeHandler(gone -> context.runOnContext(go -> closedUnder(fresh)));
    return fresh;
  }

  private void closedUnder(PgConnection gone) {
    if (gone.equals(connection)) {
      boolean led = token != null;
      lose("the connection to PostgreSQL was lost");
      if (led) { // otherwise an attempt is under way and will fail by itself
        later(RETRY, this::attempt);
      }
    }
  }

  private Future<Boolean> tryLock(PgConnection on) {
    return on.query("select pg_try_advisory_lock(" + LOCK + ")")
        .execute()
        .map(rows -> rows.iterator().next().getBoolean(0))
        .compose(locked -> locked ? lead() : Future.succeededFuture(false));
  }

  private Future<Boolean> lead() {
    return log.raiseFence()
        .map(raised -> {
          if (closed || connection == null) {
            return false;
          }
          token = raised;
          listener.leading(raised);
          return true;
        });
  }

  /** A network that swallows packets closes nothing: ask now and then. */
  private void prove(PgConnection held) {
    if (!held.equals(connection)) {
      return; // of an earlier term
    }
    held.query("select 1")
        .execute()
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(alive -> later(PROOF, () -> prove(held)))
        .onFailure(e -> {
          if (held.equals(connection)) {
            drop("PostgreSQL does not answer: " + e.getMessage());
            later(RETRY, this::attempt);
          }
        });
  }

  private void later(Duration delay, Runnable what) {
    if (!closed) {
      vertx.setTimer(delay.toMillis(), tick -> what.run());
    }
  }

  private void drop(String reason) {
    PgConnection held = connection;
    lose(reason);
    if (held != null) {
      held.close().onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "close", e));
    }
  }

  private void lose(String reason) {
    boolean led = token != null;
    token = null;
    connection = null;
    if (led) {
      listener.following(reason);
    }
  }
}
