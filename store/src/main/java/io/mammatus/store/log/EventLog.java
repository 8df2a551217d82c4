package io.mammatus.store.log;

import io.mammatus.core.log.LogEntry;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import io.mammatus.platform.crash.CrashPoint;
import io.mammatus.store.Database;
import io.mammatus.store.log.AppendOutcome.Appended;
import io.mammatus.store.log.AppendOutcome.LogMoved;
import io.mammatus.store.log.AppendOutcome.StaleToken;
import io.vertx.core.Future;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The log and the current state. Thread-safe; futures complete on the caller's context. */
public final class EventLog {

  /** The channel that a commit notifies; its payload is the new head. */
  static final String CHANNEL = "log";

  /** The actor of what a configuration file asks for. */
  public static final String CONFIGURATION = "configuration";

  private static final int ROWS_AT_ONCE = 500;
  private static final String ENTRY =
      "select position, at, actor, cause, trace_id, payload::text as payload from event ";

  private final Database database;

  public EventLog(Database database) {
    this.database = database;
  }

  /**
   * Appends entries and replaces the current state they led to, durably and in one transaction.
   *
   * <p>A failed future says only that the outcome is unknown, for example because the connection
   * broke during the commit: read on from {@code expectedHead} to learn it.
   *
   * @param expectedHead the position up to which the caller has seen the log
   * @param token proves leadership; absent for what needs none
   * @param entries numbered from {@code expectedHead + 1}; instants are kept to the microsecond
   * @param upserts resources as they are after the last entry
   * @param deletions resources that are gone; done before the upserts, so a name is free again
   * @throws IllegalArgumentException if the entries are none or not so numbered
   */
  public Future<AppendOutcome> append(
      long expectedHead,
      Optional<FencingToken> token,
      List<LogEntry> entries,
      Collection<? extends Resource<?, ?>> upserts,
      Collection<Ref> deletions) {
    requireNumbered(expectedHead, entries);
    long head = expectedHead + entries.size();
    return database
        .inTransaction(connection ->
            advance(connection, expectedHead, head, token)
                .compose(advanced ->
                    advanced
                        ? write(connection, head, entries, List.copyOf(upserts), deletions)
                            .map(written -> true)
                        : Future.succeededFuture(false)))
        .compose(done -> done ? Future.succeededFuture(new Appended(head)) : refusal(token));
  }

  private static void requireNumbered(long expectedHead, List<LogEntry> entries) {
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("an append has at least one entry");
    }
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).position() != expectedHead + 1 + i) {
        throw new IllegalArgumentException(
            "entry %d after position %d is numbered %d"
                .formatted(i + 1, expectedHead, entries.get(i).position()));
      }
    }
  }

  /** Takes the head's row until commit; a concurrent append waits here and then finds it moved. */
  private static Future<Boolean> advance(
      SqlConnection connection, long expected, long head, Optional<FencingToken> token) {
    return connection
        .preparedQuery(
            """
            update log_head set position = $2
            where position = $1 and ($3::bigint is null or fence = $3::bigint)\
            """)
        .execute(Tuple.of(expected, head, token.map(FencingToken::number).orElse(null)))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Makes every token given so far stale, durably, and gives the one that is valid from now on. */
  public Future<FencingToken> raiseFence() {
    return database
        .pool()
        .query("update log_head set fence = fence + 1 returning fence")
        .execute()
        .map(rows -> new FencingToken(rows.iterator().next().getLong(0)));
  }

  private Future<AppendOutcome> refusal(Optional<FencingToken> token) {
    return database
        .pool()
        .query("select position, fence from log_head")
        .execute()
        .map(RowSet::iterator)
        .map(rows -> {
          Row row = rows.next();
          FencingToken current = new FencingToken(row.getLong("fence"));
          return token.isPresent() && !token.get().equals(current)
              ? new StaleToken(current)
              : new LogMoved(row.getLong("position"));
        });
  }

  private static Future<Void> write(
      SqlConnection connection,
      long head,
      List<LogEntry> entries,
      List<? extends Resource<?, ?>> upserts,
      Collection<Ref> deletions) {
    return insert(connection, head - entries.size(), entries)
        .compose(inserted -> delete(connection, deletions))
        .compose(deleted -> upsert(connection, head, upserts))
        .compose(upserted ->
            connection
                .preparedQuery("select pg_notify('" + CHANNEL + "', $1)")
                .execute(Tuple.of(Long.toString(head))))
        .onSuccess(notified -> CrashPoint.BEFORE_COMMIT.pass())
        .mapEmpty();
  }

  private static Future<Void> insert(
      SqlConnection connection, long before, List<LogEntry> entries) {
    return connection
        .preparedQuery(
            """
            insert into event (position, at, actor, cause, trace_id, type, subjects, payload)
            select $8::bigint + e.n, e.at, e.actor, e.cause, e.trace_id, e.type,
                   e.subjects::uuid[], e.payload::jsonb
            from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[],
                        $6::text[], $7::text[])
              with ordinality as e (at, actor, cause, trace_id, type, subjects, payload, n)\
            """)
        .execute(Codec.columns(entries).addLong(before))
        .mapEmpty();
  }

  private static Future<Void> delete(SqlConnection connection, Collection<Ref> deletions) {
    if (deletions.isEmpty()) {
      return Future.succeededFuture();
    }
    UUID[] ids = deletions.stream().map(ref -> ref.id().value()).toArray(UUID[]::new);
    return connection
        .preparedQuery("delete from resource where id = any($1)")
        .execute(Tuple.tuple().addArrayOfUUID(ids))
        .mapEmpty();
  }

  private static Future<Void> upsert(
      SqlConnection connection, long head, List<? extends Resource<?, ?>> upserts) {
    if (upserts.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery(
            """
            insert into resource (id, kind, name, workspace, version, body, position)
            select r.id, r.kind, r.name, r.workspace, r.version, r.body::jsonb, $7::bigint
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])
              as r (id, kind, name, workspace, version, body)
            on conflict (id) do update set
              name = excluded.name, workspace = excluded.workspace, version = excluded.version,
              position = excluded.position, body = excluded.body\
            """)
        .execute(Codec.resourceColumns(upserts).addLong(head))
        .mapEmpty();
  }

  /** Position of the last entry; 0 for an empty log. */
  public Future<Long> head() {
    return database
        .pool()
        .query("select position from log_head")
        .execute()
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** The whole current state with the position it belongs to. */
  public Future<Snapshot> load() {
    return database.inTransaction(connection ->
        connection
            .query("set transaction isolation level repeatable read read only")
            .execute()
            .compose(set -> connection.query("select position from log_head").execute())
            .compose(head -> {
              long position = head.iterator().next().getLong(0);
              return resources(connection).map(resources -> new Snapshot(position, resources));
            }));
  }

  /** Row by row in portions: neither the rows' memory nor one turn of the event loop grows. */
  private static Future<List<Resource<?, ?>>> resources(SqlConnection connection) {
    return connection
        .prepare("select kind, body::text as body from resource")
        .map(PreparedStatement::cursor)
        .compose(cursor -> portion(cursor, new ArrayList<>()).eventually(cursor::close));
  }

  private static Future<List<Resource<?, ?>>> portion(
      Cursor cursor, List<Resource<?, ?>> resources) {
    return cursor
        .read(ROWS_AT_ONCE)
        .compose(rows -> {
          rows.forEach(row -> resources.add(Codec.resource(row)));
          return cursor.hasMore() ? portion(cursor, resources) : Future.succeededFuture(resources);
        });
  }

  /** At most {@code limit} entries after a position, in order and without a gap. */
  public Future<List<LogEntry>> read(long afterPosition, int limit) {
    return database
        .pool()
        .preparedQuery(ENTRY + "where position > $1 order by position limit $2")
        .execute(Tuple.of(afterPosition, limit))
        .map(EventLog::entries);
  }

  /**
   * The history of a resource in the order of time, and in that of the log where times are the
   * same.
   *
   * @param at {@code Instant.EPOCH}, or the instant of the last entry of the page before
   * @param afterPosition at that instant, only what is after this position; -1 for all of it
   */
  public Future<List<LogEntry>> bySubject(Uid subject, Instant at, long afterPosition, int limit) {
    return database
        .pool()
        .preparedQuery(
            ENTRY
                + """
                where subjects @> array[$1::uuid] and (at, position) > ($2, $3)
                order by event.at, position limit $4\
                """)
        .execute(Tuple.of(subject.value(), at.atOffset(ZoneOffset.UTC), afterPosition, limit))
        .map(EventLog::entries);
  }

  /** All that configuration files ever led to; little, and found by an index of its own. */
  public Future<List<LogEntry>> ofConfiguration() {
    return database
        .pool()
        .query(ENTRY + "where actor = '" + CONFIGURATION + "' order by position")
        .execute()
        .map(EventLog::entries);
  }

  private static List<LogEntry> entries(RowSet<Row> rows) {
    return rows.stream().map(Codec::entry).toList();
  }
}
