package io.mammatus.store.log;

import io.mammatus.core.log.LogEntry;
import io.mammatus.platform.health.Health;
import io.mammatus.store.Database;
import io.mammatus.store.Listener;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the log from a position on, in order and without a gap, one batch at a time: the next is
 * read when the handler's future succeeded. A batch whose handling failed is delivered again.
 *
 * <p>Notifications only wake it up; what it delivers it has queried. A notification that was lost
 * with its connection costs at most one slow poll.
 */
public final class Follower {

  private static final System.Logger LOG = System.getLogger(Follower.class.getName());
  private static final int BATCH = 500;
  private static final Duration SLOW_POLL = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofMillis(250);

  private final Database database;
  private final EventLog log;
  private final Function<List<LogEntry>, Future<Void>> handler;
  private final Context context;
  private final Vertx vertx;
  private final Promise<Void> ended = Promise.promise();

  // Written on the context only; volatile for those who ask from elsewhere.
  private volatile long position;
  private volatile String trouble = "not connected yet";
  private volatile boolean closed;
  private volatile Instant caughtUpAt;
  private boolean running;
  private boolean wanted;
  private long timer;
  private @Nullable Listener listener;

  private Follower(
      Database database, EventLog log, long after, Function<List<LogEntry>, Future<Void>> handler) {
    this.database = database;
    this.log = log;
    this.handler = handler;
    this.position = after;
    this.vertx = database.vertx();
    this.context = vertx.getOrCreateContext();
    this.caughtUpAt = Instant.now();
  }

  /**
   * Begins to deliver.
   *
   * @param after the position that the caller has seen; the first entry delivered is the next
   * @param handler called on the caller's context, never twice at once
   */
  public static Follower start(
      Database database, EventLog log, long after, Function<List<LogEntry>, Future<Void>> handler) {
    Follower follower = new Follower(database, log, after, handler);
    follower.context.runOnContext(go -> {
      follower.timer = follower.vertx.setPeriodic(SLOW_POLL.toMillis(), tick -> follower.wake());
      follower.listener =
          Listener.start(database, EventLog.CHANNEL, follower::wake, why -> follower.trouble = why);
      follower.wake();
    });
    return follower;
  }

  /** Position of the last entry that was handled. */
  public long position() {
    return position;
  }

  /** When it last knew that it had delivered everything. */
  public Instant caughtUpAt() {
    return caughtUpAt;
  }

  /** Degraded while the log cannot be read: what was delivered is still right, but may be old. */
  public Health health() {
    String now = trouble;
    return now.isEmpty() ? Health.READY : Health.degraded("behind the log: " + now);
  }

  /** Ends delivery; succeeds when the handler is through with what it has. */
  public Future<Void> close() {
    closed = true;
    context.runOnContext(go -> {
      vertx.cancelTimer(timer);
      Listener listening = listener;
      if (listening != null) {
        listening.close().onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "close", e));
      }
      if (!running) {
        ended.tryComplete();
      }
    });
    return ended.future();
  }

  private void wake() {
    context.runOnContext(go -> {
      wanted = true;
      if (!running && !closed) {
        running = true;
        pump();
      }
    });
  }

  private void pump() {
    wanted = false;
    log.read(position, BATCH)
        .compose(this::deliver)
        .onSuccess(delivered -> {
          trouble = "";
          if (delivered < BATCH) {
            caughtUpAt = Instant.now();
          }
          next(delivered == BATCH || wanted);
        })
        .onFailure(e -> {
          String why = String.valueOf(e.getMessage());
          if (!why.equals(trouble)) { // once, not at every retry
            LOG.log(System.Logger.Level.WARNING, "the log is not followed: {0}", why);
          }
          trouble = why;
          vertx.setTimer(RETRY.toMillis(), tick -> next(true));
        });
  }

  private void next(boolean more) {
    if (more && !closed) {
      pump();
      return;
    }
    running = false;
    if (closed) {
      ended.tryComplete();
    }
  }

  private Future<Integer> deliver(List<LogEntry> entries) {
    if (entries.isEmpty()) {
      return Future.succeededFuture(0);
    }
    long last = entries.getLast().position();
    if (entries.getFirst().position() != position + 1 || last != position + entries.size()) {
      // Never skip: a view built over a gap would be wrong and look right.
      return Future.failedFuture(
          "the log has a gap after position " + position + "; restore it or load a snapshot");
    }
    return handler
        .apply(entries)
        .map(handled -> {
          position = last;
          return entries.size();
        });
  }
}
