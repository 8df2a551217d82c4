package io.mammatus.store.trace;

import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Uid;
import io.mammatus.platform.json.Json;
import io.mammatus.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Asks and ages the trace. */
public final class Traces {

  private static final int AGE_BATCH = 1000;

  private final Database database;

  public Traces(Database database) {
    this.database = database;
  }

  /**
   * A record with its place in the trace.
   *
   * @param id grows in the order of writing; the cursor of the next page
   */
  public record Stored(long id, TraceRecord trace) {}

  /**
   * What is known of a resource and its network cards in the order of time, each record once.
   *
   * @param at {@code Instant.EPOCH}, or the instant of the last record of the page before
   * @param afterId at that instant, only what has a higher id; -1 for all of it
   */
  public Future<List<Stored>> about(
      Uid subject, Collection<Mac> cards, Instant at, long afterId, int limit) {
    return database
        .pool()
        .preparedQuery(
            """
            select id, at, subject, mac, address, source, what, reason, detail::text as detail
            from trace
            where (subject = $1 or mac = any($2)) and (at, id) > ($3, $4)
            order by at, id limit $5\
            """)
        .execute(
            Tuple.tuple()
                .addUUID(subject.value())
                .addArrayOfLong(cards.stream().map(Mac::bits).toArray(Long[]::new))
                .addOffsetDateTime(at.atOffset(ZoneOffset.UTC))
                .addLong(afterId)
                .addInteger(limit))
        .map(rows -> rows.stream().map(Traces::stored).toList());
  }

  /**
   * What one part of the house saw, newest first, whomever it was about.
   *
   * @param source as in {@link TraceRecord#source()}
   * @param beforeId {@code Long.MAX_VALUE}, or the last id of the page before
   */
  public Future<List<Stored>> from(String source, long beforeId, int limit) {
    return database
        .pool()
        .preparedQuery(
            """
            select id, at, subject, mac, address, source, what, reason, detail::text as detail
            from trace
            where source = $1 and id < $2
            order by id desc limit $3\
            """)
        .execute(Tuple.of(source, beforeId, limit))
        .map(rows -> rows.stream().map(Traces::stored).toList());
  }

  /**
   * What is kept of the trace.
   *
   * @param perCard of each network card, at most so many of its newest records
   * @param inAll of everything, at most so many of the newest: strangers can make up as many
   *     network cards as they like
   */
  public record Bounds(int perCard, int inAll) {}

  /**
   * Deletes what is older than {@code before} and, oldest first, what is beyond the bounds; in
   * small transactions, so that writers are not held up. What is beyond the bound of everything is
   * first what concerns nobody that is known, so that strangers push out strangers.
   *
   * @param known the network cards of the machines that the cloud knows
   * @return how many were deleted
   */
  public Future<Long> age(Instant before, Bounds bounds, Collection<Mac> known) {
    return deleteOlderThan(before)
        .compose(old -> deletePerCard(bounds.perCard()).map(surplus -> old + surplus))
        .compose(gone -> deleteAllBut(bounds.inAll(), known).map(surplus -> gone + surplus));
  }

  private Future<Long> deleteOlderThan(Instant before) {
    return repeat(
        """
        delete from trace where id in (select id from trace where at < $1 order by at limit $2)\
        """,
        limit -> Tuple.of(before.atOffset(ZoneOffset.UTC), limit),
        Long.MAX_VALUE,
        0);
  }

  private Future<Long> deletePerCard(int kept) {
    return repeat(
        """
        delete from trace where id in (
          select t.id
          from (select mac from trace where mac is not null
                group by mac having count(*) > $1 limit 100) as many,
            lateral (select id from trace where mac = many.mac
                     order by id desc offset $1 limit $2) as t)\
        """,
        limit -> Tuple.of((long) kept, limit),
        Long.MAX_VALUE,
        0);
  }

  private Future<Long> deleteAllBut(int kept, Collection<Mac> known) {
    Long[] cards = known.stream().map(Mac::bits).toArray(Long[]::new);
    return database
        .pool()
        .query("select count(*) from trace")
        .execute()
        .map(rows -> rows.iterator().next().getLong(0) - kept)
        .compose(surplus ->
            deleteStrangers(surplus, cards)
                .compose(gone -> deleteOldest(surplus - gone).map(more -> gone + more)));
  }

  /** Ids grow in the order of writing. */
  private Future<Long> deleteStrangers(long surplus, Long[] cards) {
    return repeat(
        """
        delete from trace where id in (
          select id from trace
          where subject is null and (mac is null or mac <> all($1))
          order by id limit $2)\
        """,
        limit -> Tuple.tuple().addArrayOfLong(cards).addLong(limit),
        surplus,
        0);
  }

  private Future<Long> deleteOldest(long surplus) {
    return repeat(
        "delete from trace where id in (select id from trace order by id limit $1)",
        limit -> Tuple.of(limit),
        surplus,
        0);
  }

  /**
   * Deletes batch by batch until there is nothing more of it, or enough.
   *
   * @param parameters of the statement, by how many it may delete
   * @param most how many are enough
   */
  private Future<Long> repeat(
      String delete, LongFunction<Tuple> parameters, long most, long before) {
    if (before >= most) {
      return Future.succeededFuture(before);
    }
    return database
        .pool()
        .preparedQuery(delete)
        .execute(parameters.apply(Math.min(AGE_BATCH, most - before)))
        .compose(rows ->
            rows.rowCount() == 0
                ? Future.succeededFuture(before)
                : repeat(delete, parameters, most, before + rows.rowCount()));
  }

  private static Stored stored(Row row) {
    return new Stored(
        row.getLong("id"),
        new TraceRecord(
            row.getOffsetDateTime("at").toInstant(),
            Optional.ofNullable(row.getUUID("subject")).map(Uid::new),
            Optional.ofNullable(row.getLong("mac")).map(Mac::new),
            Optional.ofNullable(row.getString("address")).map(IpAddress::parse),
            row.getString("source"),
            row.getString("what"),
            row.getString("reason"),
            detail(row.getString("detail"))));
  }

  private static Map<String, String> detail(@Nullable String json) {
    return json == null
        ? Map.of()
        : Json.lenient().read(json, Json.lenient().type(HashMap.class, String.class, String.class));
  }
}
