package io.mammatus.store.trace;

import io.mammatus.core.net.Mac;
import io.mammatus.platform.json.Json;
import io.mammatus.store.Database;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Function;

/**
 * Writes the trace in batches and never in anybody's way: {@link #write} only queues. When the
 * queue is full, because PostgreSQL is slow or away, the newest are dropped and counted.
 * Thread-safe.
 */
public final class TraceWriter {

  private static final System.Logger LOG = System.getLogger(TraceWriter.class.getName());
  private static final Duration EVERY = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int BATCH = 1000;

  /** Class 22 of SQLSTATE. */
  private static final String DATA_EXCEPTION = "22";

  private final Database database;
  private final Vertx vertx;
  private final int capacity;
  private final Promise<Void> ended = Promise.promise();

  // Guarded by this.
  private final Queue<TraceRecord> queue = new ArrayDeque<>();
  private List<TraceRecord> inFlight = List.of();
  private boolean scheduled;
  private boolean closed;
  private long dropped;

  /**
   * @param capacity how many records may wait
   */
  public TraceWriter(Database database, int capacity) {
    this.database = database;
    this.vertx = database.vertx();
    this.capacity = capacity;
  }

  /**
   * Queues a record; it is in the table within about {@link #EVERY}.
   *
   * @return false if it was dropped
   */
  public synchronized boolean write(TraceRecord trace) {
    if (closed || queue.size() >= capacity) {
      dropped++;
      return false;
    }
    queue.add(trace);
    schedule(EVERY);
    return true;
  }

  /** How many were dropped since the start. */
  public synchronized long dropped() {
    return dropped;
  }

  /** Takes no more and succeeds when what waited is written, or could not be. */
  public synchronized Future<Void> close() {
    closed = true;
    if (!scheduled) {
      scheduled = true;
      flush();
    }
    return ended.future();
  }

  private void schedule(Duration delay) {
    if (!scheduled) {
      scheduled = true;
      vertx.setTimer(delay.toMillis(), tick -> flush());
    }
  }

  private synchronized void flush() {
    if (inFlight.isEmpty()) {
      inFlight = new ArrayList<>();
      while (!queue.isEmpty() && inFlight.size() < BATCH) {
        inFlight.add(queue.remove());
      }
    }
    Future<Void> inserting = inFlight.isEmpty() ? Future.succeededFuture() : insert(inFlight);
    inserting.onSuccess(done -> written()).onFailure(this::failed);
  }

  private synchronized void written() {
    inFlight = List.of();
    if (!queue.isEmpty()) {
      scheduled = false;
      if (closed) {
        flush();
      } else {
        schedule(queue.size() >= BATCH ? Duration.ofMillis(1) : EVERY);
      }
      return;
    }
    scheduled = false;
    if (closed) {
      ended.tryComplete();
    }
  }

  private synchronized void failed(Throwable e) {
    if (e instanceof PgException refused && refused.getSqlState().startsWith(DATA_EXCEPTION)) {
      // It would be refused again and again, and hold up all that comes after it.
      LOG.log(System.Logger.Level.WARNING, "a batch of the trace is lost: {0}", e.getMessage());
      dropped += inFlight.size();
      written();
      return;
    }
    LOG.log(System.Logger.Level.WARNING, "the trace waits: {0}", e.getMessage());
    scheduled = false;
    if (closed) {
      dropped += queue.size() + inFlight.size();
      ended.tryComplete();
    } else {
      schedule(RETRY);
    }
  }

  private Future<Void> insert(List<TraceRecord> batch) {
    OffsetDateTime[] times =
        batch.stream().map(t -> t.at().atOffset(ZoneOffset.UTC)).toArray(OffsetDateTime[]::new);
    UUID[] subjects =
        batch.stream()
            .map(t -> t.subject().map(uid -> uid.value()).orElse(null))
            .toArray(UUID[]::new);
    Long[] macs = batch.stream().map(t -> t.mac().map(Mac::bits).orElse(null)).toArray(Long[]::new);
    Tuple columns =
        Tuple.tuple()
            .addArrayOfOffsetDateTime(times)
            .addArrayOfUUID(subjects)
            .addArrayOfLong(macs)
            .addArrayOfString(
                batch.stream()
                    .map(t -> t.address().map(Object::toString).orElse(null))
                    .toArray(String[]::new))
            .addArrayOfString(texts(batch, TraceRecord::source))
            .addArrayOfString(texts(batch, TraceRecord::what))
            .addArrayOfString(texts(batch, TraceRecord::reason))
            .addArrayOfString(texts(batch, t -> Json.lenient().write(t.detail())));
    return database
        .pool()
        .preparedQuery(
            """
            insert into trace (at, subject, mac, address, source, what, reason, detail)
            select t.at, t.subject, t.mac, t.address, t.source, t.what, t.reason, t.detail::jsonb
            from unnest($1::timestamptz[], $2::uuid[], $3::bigint[], $4::text[], $5::text[],
                        $6::text[], $7::text[], $8::text[])
              as t (at, subject, mac, address, source, what, reason, detail)\
            """)
        .execute(columns)
        .mapEmpty();
  }

  private static String[] texts(List<TraceRecord> batch, Function<TraceRecord, String> text) {
    return batch.stream().map(text).toArray(String[]::new);
  }
}
