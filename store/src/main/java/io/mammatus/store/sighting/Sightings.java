package io.mammatus.store.sighting;

import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.store.Database;
import io.mammatus.store.Listener;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The table of sightings. Anybody on the network can invent MAC addresses, so there is room for a
 * bounded number only; what finds none is refused and counted.
 */
public final class Sightings {

  private static final String CHANNEL = "sighting";

  /** Keeps counting and inserting of several pxe-servers apart. */
  private static final long LOCK = 0x7369676874696e67L;

  private final Database database;
  private final int limit;
  private final AtomicLong refused = new AtomicLong();

  /**
   * @param limit how many different MAC addresses are kept, such as 4096
   */
  public Sightings(Database database, int limit) {
    this.database = database;
    this.limit = limit;
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
   * wakes the subscribers.
   *
   * @return false if there was no room for a new one
   */
  public Future<Boolean> note(Sighting sighting, Optional<String> vendorClass, Instant at) {
    return database
        .inTransaction(connection ->
            update(connection, sighting, vendorClass, at)
                .compose(known ->
                    known
                        ? Future.succeededFuture(true)
                        : insert(connection, sighting, vendorClass, at)))
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

  private static Tuple columns(Sighting sighting, Optional<String> vendorClass, Instant at) {
    return Tuple.of(
        sighting.mac().bits(),
        sighting.interfaceName(),
        sighting.smbiosUuid(),
        sighting.firmware(),
        vendorClass.orElse(null),
        at.atOffset(ZoneOffset.UTC),
        sighting.link() == null ? null : (long) sighting.link().bits());
  }

  private static Future<Boolean> update(
      SqlConnection connection, Sighting sighting, Optional<String> vendorClass, Instant at) {
    return connection
        .preparedQuery(
            """
            with updated as (
              update sighting as s
              set interface_name = $2, link = $7, smbios_uuid = coalesce($3, s.smbios_uuid),
                  firmware = coalesce($4, s.firmware),
                  vendor_class = coalesce($5, s.vendor_class), last_seen = $6
              from sighting as old
              where s.mac = $1 and old.mac = s.mac
              returning (s.interface_name, s.link, s.smbios_uuid, s.firmware)
                is distinct from (old.interface_name, old.link, old.smbios_uuid, old.firmware)
                  as changed)
            select case when changed then pg_notify('sighting', '') end from updated\
            """)
        .execute(columns(sighting, vendorClass, at))
        .map(rows -> rows.size() > 0);
  }

  private Future<Boolean> insert(
      SqlConnection connection, Sighting sighting, Optional<String> vendorClass, Instant at) {
    return connection
        .query("select pg_advisory_xact_lock(" + LOCK + ")")
        .execute()
        .compose(locked ->
            connection
                .preparedQuery(
                    """
                    insert into sighting (mac, interface_name, smbios_uuid, firmware,
                                          vendor_class, first_seen, last_seen, link)
                    select $1, $2, $3, $4, $5, $6, $6, $7
                    where (select count(*) from sighting) < $8
                    on conflict (mac) do update set last_seen = excluded.last_seen
                    returning pg_notify('sighting', '')\
                    """)
                .execute(columns(sighting, vendorClass, at).addLong((long) limit)))
        .map(rows -> rows.size() > 0);
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
