package io.mammatus.store.sighting;

import io.mammatus.core.net.Mac;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sightings that wait while others are written: when a rack is switched on, one transaction carries
 * hundreds of its cards, where one for each would take all connections and the disk. Of one card
 * one waits, all that was said together. Thread-safe.
 */
final class NoteQueue {

  private static final int MAX_BATCH = 512;

  private final Function<List<Sightings.Note>, Future<Set<Mac>>> write;
  private final int capacity;
  private final Duration patience;

  // Guarded by this.
  private final Map<Mac, Waiting> waiting = new LinkedHashMap<>();
  private boolean writing;

  private record Waiting(Sightings.Note note, List<Promise<Boolean>> promises) {}

  /**
   * @param write writes a batch and says which of it were kept
   * @param capacity how many may wait
   * @param patience after which a batch is given up, so that the next one is tried
   */
  NoteQueue(
      Function<List<Sightings.Note>, Future<Set<Mac>>> write, int capacity, Duration patience) {
    this.write = write;
    this.capacity = capacity;
    this.patience = patience;
  }

  /** Completes when it is written: with false if it found no room, in the table or here. */
  Future<Boolean> add(Sightings.Note note) {
    Promise<Boolean> promise = Promise.promise();
    synchronized (this) {
      Waiting before = waiting.get(note.sighting().mac());
      if (before == null && waiting.size() >= capacity) {
        return Future.succeededFuture(false);
      }
      List<Promise<Boolean>> promises = before == null ? new ArrayList<>(1) : before.promises;
      promises.add(promise);
      Sightings.Note newest = before == null ? note : note.over(before.note);
      waiting.put(note.sighting().mac(), new Waiting(newest, promises));
    }
    pump();
    return promise.future();
  }

  private void pump() {
    List<Waiting> batch = next();
    if (!batch.isEmpty()) {
      write
          .apply(batch.stream().map(Waiting::note).toList())
          .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
          .onComplete(kept -> done(batch, kept), failure -> failed(batch, failure));
    }
  }

  private synchronized List<Waiting> next() {
    List<Waiting> batch = new ArrayList<>();
    Iterator<Waiting> all = waiting.values().iterator();
    while (!writing && all.hasNext() && batch.size() < MAX_BATCH) {
      batch.add(all.next());
      all.remove();
    }
    writing |= !batch.isEmpty();
    return batch;
  }

  private void done(List<Waiting> batch, Set<Mac> kept) {
    written();
    for (Waiting one : batch) {
      boolean found = kept.contains(one.note.sighting().mac());
      one.promises.forEach(promise -> promise.complete(found));
    }
  }

  private void failed(List<Waiting> batch, Throwable failure) {
    written();
    batch.forEach(one -> one.promises.forEach(promise -> promise.fail(failure)));
  }

  private void written() {
    synchronized (this) {
      writing = false;
    }
    pump();
  }
}
