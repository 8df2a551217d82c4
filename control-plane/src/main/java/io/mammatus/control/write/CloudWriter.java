package io.mammatus.control.write;

import io.mammatus.core.cloud.Command;
import io.mammatus.core.cloud.Failure;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.planner.Planner;
import io.mammatus.platform.crash.CrashPoint;
import io.mammatus.store.log.AppendOutcome;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.log.FencingToken;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a process. Commands wait in a bounded queue; all that wait are decided
 * together, on the view's event loop, and appended in one transaction under the condition that
 * nobody else appended meanwhile. If somebody did, they are decided again.
 *
 * <p>The planner speaks at the end of each batch, in the same transaction, while this process
 * leads.
 */
public final class CloudWriter {

  private static final System.Logger LOG = System.getLogger(CloudWriter.class.getName());
  private static final int MAX_WAITING = 4096;
  private static final int MAX_BATCH = 256;
  private static final int MAX_TRIES = 20;

  private record Waiting(Batch.Asked asked, Promise<Outcome> promise) {}

  private final CloudView view;
  private final EventLog log;
  private final InstantSource clock;
  private final Batch.Planning planning;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private volatile @Nullable FencingToken leadership;
  private boolean busy;
  private boolean replan;
  private boolean writing;

  public CloudWriter(CloudView view, EventLog log, InstantSource clock) {
    this(view, log, clock, Planner::plan);
  }

  CloudWriter(CloudView view, EventLog log, InstantSource clock, Batch.Planning planning) {
    this.planning = planning;
    this.view = view;
    this.log = log;
    this.clock = clock;
    view.listen((before, after, entries) -> changed());
  }

  /** What another process wrote has not been planned for: only who leads does that. */
  private void changed() {
    if (!writing && leadership != null) {
      replan();
    }
  }

  /** Begins to plan: this process leads until {@link #follow()}. */
  public void lead(FencingToken token) {
    leadership = token;
    replan();
  }

  /** Ends planning. */
  public void follow() {
    leadership = null;
  }

  public boolean leads() {
    return leadership != null;
  }

  /** Lets the planner look again soon. */
  public void replan() {
    view.context()
        .runOnContext(v -> {
          replan = true;
          pump();
        });
  }

  /**
   * Decides a command and writes down what follows. Never fails: what went wrong is an outcome.
   * Completes on the caller's event loop.
   */
  public Future<Outcome> submit(Command command, Origin origin) {
    Promise<Outcome> promise = Promise.promise();
    Context caller = view.context().owner().getOrCreateContext();
    Promise<Outcome> delivered = Promise.promise();
    promise
        .future()
        .onComplete(done -> caller.runOnContext(v -> delivered.complete(done.result())));
    view.context()
        .runOnContext(v -> {
          if (queue.size() >= MAX_WAITING) {
            promise.complete(
                new Outcome.Failed(Failure.unavailable("too many requests wait: try again")));
            return;
          }
          queue.add(new Waiting(new Batch.Asked(command, origin), promise));
          pump();
        });
    return delivered.future();
  }

  private void pump() {
    boolean plan = replan && leadership != null;
    if (busy || (queue.isEmpty() && !plan)) {
      return;
    }
    busy = true;
    replan = false;
    List<Waiting> taken = new ArrayList<>();
    while (!queue.isEmpty() && taken.size() < MAX_BATCH) {
      taken.add(queue.poll());
    }
    write(taken, 1)
        .onComplete(done -> {
          busy = false;
          if (done.failed()) {
            LOG.log(System.Logger.Level.WARNING, "not written: {0}", done.cause().toString());
            Outcome failed =
                new Outcome.Failed(
                    Failure.unavailable("the database cannot be reached: try again"));
            taken.forEach(waiting -> waiting.promise.tryComplete(failed));
          }
          pump();
        });
  }

  private Future<Void> write(List<Waiting> taken, int tries) {
    Optional<FencingToken> token = Optional.ofNullable(leadership);
    Batch batch;
    try {
      batch =
          Batch.decide(
              view.cloud(),
              taken.stream().map(Waiting::asked).toList(),
              token.map(t -> planning),
              clock.instant());
    } catch (RuntimeException e) {
      return undecidable(taken, e);
    }
    batch
        .planFault()
        .ifPresent(e -> LOG.log(System.Logger.Level.ERROR, "there is no plan for this cloud", e));
    if (batch.entries().isEmpty()) {
      settle(taken, batch);
      return Future.succeededFuture();
    }
    CrashPoint.BEFORE_APPEND.pass();
    return log.append(
            batch.expectedHead(), token, batch.entries(), batch.upserts(), batch.deletions())
        .compose(outcome -> settle(taken, tries, batch, outcome));
  }

  /** A mistake in a decision stops neither the writer nor the commands that came with it. */
  private Future<Void> undecidable(List<Waiting> taken, RuntimeException e) {
    if (taken.size() > 1) {
      Future<Void> done = Future.succeededFuture();
      for (Waiting one : taken) {
        done = done.compose(v -> write(List.of(one), 1));
      }
      return done;
    }
    LOG.log(System.Logger.Level.ERROR, "a command cannot be decided", e);
    taken.forEach(one ->
        one.promise.complete(
            new Outcome.Failed(
                Failure.unavailable(
                    "this could not be decided; the control plane's log says why"))));
    return Future.succeededFuture();
  }

  private Future<Void> settle(List<Waiting> taken, int tries, Batch batch, AppendOutcome outcome) {
    return switch (outcome) {
      case AppendOutcome.Appended appended -> {
        CrashPoint.AFTER_APPEND.pass();
        takeOn(batch.entries());
        settle(taken, batch);
        yield Future.succeededFuture();
      }
      case AppendOutcome.LogMoved moved -> catchUp(taken, tries, moved.currentHead());
      case AppendOutcome.StaleToken stale -> {
        follow();
        yield catchUp(taken, tries, 0);
      }
    };
  }

  /** Entries that are planned for already, or will be in a moment. */
  private void takeOn(List<LogEntry> entries) {
    writing = true;
    try {
      view.appended(entries);
    } finally {
      writing = false;
    }
  }

  private Future<Void> catchUp(List<Waiting> taken, int tries, long head) {
    if (tries >= MAX_TRIES) {
      return Future.failedFuture("the log moved " + tries + " times in a row");
    }
    long from = view.cloud().position();
    int missing = (int) Math.min(10_000, Math.max(1, head - from));
    return log.read(from, missing)
        .compose(entries -> {
          takeOn(entries);
          return write(taken, tries + 1);
        });
  }

  private void settle(List<Waiting> taken, Batch batch) {
    for (int i = 0; i < taken.size(); i++) {
      Promise<Outcome> promise = taken.get(i).promise;
      promise.complete(
          batch
              .failure(i)
              .<Outcome>map(Outcome.Failed::new)
              .orElseGet(() -> new Outcome.Done(view.cloud())));
    }
  }
}
