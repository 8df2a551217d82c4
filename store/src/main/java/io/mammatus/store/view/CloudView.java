package io.mammatus.store.view;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.cloud.Evolver;
import io.mammatus.core.log.LogEntry;
import io.mammatus.platform.health.Health;
import io.mammatus.store.Database;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.log.Follower;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The whole cloud as one value in memory, at most a moment behind the log. Reading it touches no
 * database, so that what it knows can be answered while PostgreSQL is down.
 *
 * <p>One event loop writes it: the log's follower, and the writer that has just appended. Everybody
 * may read it.
 */
public final class CloudView {

  /** Told of each change, on the view's event loop. */
  public interface Listener {
    /**
     * @param entries what happened between the two, in order
     */
    void changed(Cloud before, Cloud after, List<LogEntry> entries);
  }

  private final Context context;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile Cloud cloud;
  private volatile Follower follower;

  @SuppressWarnings("NullAway.Init") // the follower starts where the snapshot ends
  private CloudView(Context context, Cloud cloud) {
    this.context = context;
    this.cloud = cloud;
  }

  /** Loads the current state and follows the log from there on. */
  public static Future<CloudView> open(Database database, EventLog log) {
    Context context = database.vertx().getOrCreateContext();
    return log.load()
        .map(snapshot -> {
          CloudView view =
              new CloudView(context, Cloud.of(snapshot.position(), snapshot.resources()));
          view.follower = Follower.start(database, log, snapshot.position(), view::followed);
          return view;
        });
  }

  /** The cloud now. */
  public Cloud cloud() {
    return cloud;
  }

  /** The event loop on which the view changes. */
  public Context context() {
    return context;
  }

  public void listen(Listener listener) {
    listeners.add(listener);
  }

  public void forget(Listener listener) {
    listeners.remove(listener);
  }

  /** Whether what it shows may be old. */
  public Health health() {
    return follower.health();
  }

  public Future<Void> close() {
    return follower.close();
  }

  /**
   * Takes on entries that the caller has just appended, so that it need not wait for them to come
   * back. Entries that are known already are passed over.
   */
  public void appended(List<LogEntry> entries) {
    apply(entries);
  }

  private Future<Void> followed(List<LogEntry> entries) {
    apply(entries);
    return Future.succeededFuture();
  }

  private void apply(List<LogEntry> entries) {
    Cloud before = cloud;
    List<LogEntry> fresh =
        entries.stream().filter(entry -> entry.position() > before.position()).toList();
    if (fresh.isEmpty()) {
      return;
    }
    Cloud after = before;
    for (LogEntry entry : fresh) {
      after = Evolver.evolve(after, entry);
    }
    cloud = after.settled();
    for (Listener listener : listeners) {
      listener.changed(before, cloud, fresh);
    }
  }
}
