package io.mammatus.store.sighting;

import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.store.Database;
import io.mammatus.store.Listener;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table of sightings. Anybody on the network can invent MAC addresses, so there is room for a
 * bounded number only, half of it for one link; what finds none is refused and counted.
 */
public final class Sightings {

  /** A database that says nothing for longer is away. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String CHANNEL = "sighting";

  /** Keeps counting and inserting of several pxe-servers apart. */
  private static final long LOCK = 0x7369676874696e67L;

  private static final String NOTES =
      """
      unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[],
             $7::bigint[]) with ordinality
        as note (mac, interface_name, smbios_uuid, firmware, vendor_class, at, link, number)\
      """;

  private final Database database;
  private final int limit;
  private final AtomicLong refused = new AtomicLong();
  private final NoteQueue queue;

  /**
   * @param limit how many different MAC addresses are kept, such as 4096
   */
  public Sightings(Database database, int limit) {
    this.database = database;
    this.limit = limit;
    this.queue = new NoteQueue(this::write, limit, PATIENCE);
  }

  /** A sighting that is to be kept. */
  record Note(Sighting sighting, Optional<String> vendorClass, Instant at) {

    /** With what an older one of the same card said beyond it. */
    Note over(Note older) {
      Sighting before = older.sighting;
      return new Note(
          new Sighting(
              sighting.mac(),
              sighting.interfaceName(),
              sighting.link(),
              sighting.smbiosUuid() == null ? before.smbiosUuid() : sighting.smbiosUuid(),
              sighting.firmware() == null ? before.firmware() : sighting.firmware()),
          vendorClass.or(older::vendorClass),
          at);
    }
  }

  /**
   * A sighting as it is kept.
   *
   * @param vendorClass DHCP option 60 (RFC 2132, section 9.13), if one was sent
   */
  public record Seen(
      Sighting sighting, Optional<String> vendorClass, Instant firstSeen, Instant lastSeen) {}

  /**
   * Notes a sighting, or that it was seen again. Only a new one, or one that says something else,
   * wakes the subscribers. From any thread.
   *
   * @return false if there was no room for a new one
   */
  public Future<Boolean> note(Sighting sighting, Optional<String> vendorClass, Instant at) {
    return queue
        .add(new Note(sighting, vendorClass, at))
        .onSuccess(noted -> {
          if (!noted) {
            refused.incrementAndGet();
          }
        });
  }

  /** How many found no room since the start. */
  public long refused() {
    return refused.get();
  }

  /** Each card at most once; those that are kept come back. */
  private Future<Set<Mac>> write(List<Note> notes) {
    return database.inTransaction(connection ->
        connection
            .query("select pg_advisory_xact_lock(" + LOCK + ")")
            .execute()
            .compose(locked -> update(connection, notes))
            .compose(known ->
                known.size() == notes.size()
                    ? Future.succeededFuture(known)
                    : insert(connection, without(notes, known))
                        .map(added -> {
                          Set<Mac> all = new HashSet<>(known);
                          all.addAll(added);
                          return all;
                        })));
  }

  private static List<Note> without(List<Note> notes, Set<Mac> known) {
    return notes.stream().filter(note -> !known.contains(note.sighting().mac())).toList();
  }

  private static Tuple columns(List<Note> notes) {
    return Tuple.tuple()
        .addArrayOfLong(array(notes, note -> note.sighting().mac().bits(), Long[]::new))
        .addArrayOfString(array(notes, note -> note.sighting().interfaceName(), String[]::new))
        .addArrayOfString(array(notes, note -> note.sighting().smbiosUuid(), String[]::new))
        .addArrayOfString(array(notes, note -> note.sighting().firmware(), String[]::new))
        .addArrayOfString(array(notes, note -> note.vendorClass().orElse(null), String[]::new))
        .addArrayOfOffsetDateTime(
            array(notes, note -> note.at().atOffset(ZoneOffset.UTC), OffsetDateTime[]::new))
        .addArrayOfLong(array(notes, Sightings::link, Long[]::new));
  }

  private static @Nullable Long link(Note note) {
    Ipv4 link = note.sighting().link();
    return link == null ? null : (long) link.bits();
  }

  @SuppressWarnings("NullAway") // null is a value of a column
  private static <T> T[] array(
      List<Note> notes, Function<Note, @Nullable T> column, IntFunction<T[]> make) {
    T[] values = make.apply(notes.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(notes.get(i));
    }
    return values;
  }

  private static Future<Set<Mac>> update(SqlConnection connection, List<Note> notes) {
    return connection
        .preparedQuery(
            """
            with updated as (
              update sighting as s
              set interface_name = note.interface_name, link = note.link,
                  smbios_uuid = coalesce(note.smbios_uuid, s.smbios_uuid),
                  firmware = coalesce(note.firmware, s.firmware),
                  vendor_class = coalesce(note.vendor_class, s.vendor_class), last_seen = note.at
              from sighting as old, %s
              where s.mac = note.mac and old.mac = note.mac
              returning s.mac, (s.interface_name, s.link, s.smbios_uuid, s.firmware)
                is distinct from (old.interface_name, old.link, old.smbios_uuid, old.firmware)
                  as changed)
            select mac, case when changed then pg_notify('sighting', '') end from updated\
            """
                .formatted(NOTES))
        .execute(columns(notes))
        .map(Sightings::macs);
  }

  private Future<Set<Mac>> insert(SqlConnection connection, List<Note> notes) {
    return connection
        .preparedQuery(
            """
            insert into sighting (mac, interface_name, smbios_uuid, firmware,
                                  vendor_class, first_seen, last_seen, link)
            select mac, interface_name, smbios_uuid, firmware, vendor_class, at, at, link
            from (
              select note.*,
                     row_number() over (partition by interface_name, link order by number)
                       + (select count(*) from sighting s
                          where s.interface_name = note.interface_name
                            and s.link is not distinct from note.link) as place
              from %s) as note
            where place <= $9
            order by number
            limit greatest($8 - (select count(*) from sighting), 0)
            on conflict (mac) do update set last_seen = excluded.last_seen
            returning mac, pg_notify('sighting', '')\
            """
                .formatted(NOTES))
        .execute(columns(notes).addLong((long) limit).addLong((long) limit / 2))
        .map(Sightings::macs);
  }

  private static Set<Mac> macs(RowSet<Row> rows) {
    return rows.stream().map(row -> new Mac(row.getLong("mac"))).collect(Collectors.toSet());
  }

  /** All that are kept, the latest first. */
  public Future<List<Seen>> list() {
    return database
        .pool()
        .query("select * from sighting order by last_seen desc, mac")
        .execute()
        .map(rows -> rows.stream().map(Sightings::seen).toList());
  }

  /** Forgets those that became machines, or that nobody wants. */
  public Future<Void> delete(Collection<Mac> macs) {
    Long[] bits = macs.stream().map(Mac::bits).toArray(Long[]::new);
    return database
        .pool()
        .preparedQuery("delete from sighting where mac = any($1)")
        .execute(Tuple.tuple().addArrayOfLong(bits))
        .mapEmpty();
  }

  /**
   * Calls {@code changed} whenever the table may have something new, at the start and after each
   * loss of the connection too; on the caller's context. A network that swallows packets can lose a
   * call, so list now and then as well. Close what it returns.
   */
  public Listener subscribe(Runnable changed) {
    return Listener.start(database, CHANNEL, changed, trouble -> {});
  }

  private static Seen seen(Row row) {
    return new Seen(
        new Sighting(
            new Mac(row.getLong("mac")),
            row.getString("interface_name"),
            row.getLong("link") == null ? null : new Ipv4(row.getLong("link").intValue()),
            row.getString("smbios_uuid"),
            row.getString("firmware")),
        Optional.ofNullable(row.getString("vendor_class")),
        row.getOffsetDateTime("first_seen").toInstant(),
        row.getOffsetDateTime("last_seen").toInstant());
  }
}
