package io.mammatus.store.lease;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table of leases. */
public final class Leases {

  private final Database database;

  public Leases(Database database) {
    this.database = database;
  }

  /** All of a network, in the order in which they end. */
  public Future<List<Lease>> of(NetworkId network) {
    return database
        .pool()
        .preparedQuery("select * from lease where network = $1 order by until, address")
        .execute(Tuple.of(network.uid().value()))
        .map(Leases::leases);
  }

  /** Those of a network whose clients said what they are called; they may be over. */
  public Future<List<Lease>> named(NetworkId network) {
    return database
        .pool()
        .preparedQuery(
            """
            select * from lease where network = $1 and state = $2 and host_name <> ''\
            """)
        .execute(Tuple.of(network.uid().value(), (short) Lease.State.BOUND.ordinal()))
        .map(Leases::leases);
  }

  /** At most {@code limit} of a network beyond an address, in the order of addresses. */
  public Future<List<Lease>> page(NetworkId network, Ipv4 after, int limit) {
    return database
        .pool()
        .preparedQuery(
            """
            select * from lease where network = $1 and address > $2
            order by address limit $3\
            """)
        .execute(Tuple.of(network.uid().value(), number(after), limit))
        .map(Leases::leases);
  }

  /**
   * Writes all of them in one transaction; each address at most once. Only the server that has the
   * duty for a network may write its leases: those of other networks are refused. The duty is
   * locked until they are on disk, so that a server which takes it over reads them.
   *
   * @return the networks whose leases are written, durably
   */
  public Future<Set<NetworkId>> write(UUID server, Collection<Lease> leases) {
    Tuple columns =
        Tuple.of(server)
            .addArrayOfUUID(array(leases, l -> l.network().uid().value(), UUID[]::new))
            .addArrayOfLong(array(leases, l -> number(l.address()), Long[]::new))
            .addArrayOfLong(array(leases, l -> l.client().mac().bits(), Long[]::new))
            .addArrayOfString(array(leases, l -> l.client().clientId(), String[]::new))
            .addArrayOfString(array(leases, l -> l.client().hostName(), String[]::new))
            .addArrayOfString(array(leases, l -> l.client().port(), String[]::new))
            .addArrayOfLong(array(leases, l -> number(l.client().relay()), Long[]::new))
            .addArrayOfShort(array(leases, l -> (short) l.state().ordinal(), Short[]::new))
            .addArrayOfLong(array(leases, l -> micros(l.since()), Long[]::new))
            .addArrayOfLong(array(leases, l -> micros(l.until()), Long[]::new));
    // Of thousands of rows a second, none comes back, and none brings a date to be parsed.
    return database
        .pool()
        .preparedQuery(
            """
            with own as (
              select network from duty where server = $1 order by network for share),
            written as (
              insert into lease
                (network, address, mac, client_id, host_name, port, relay, state, since, until)
              select l.network, l.address, l.mac, l.client_id, l.host_name, l.port, l.relay, l.state,
                     timestamptz 'epoch' + l.since * interval '1 microsecond',
                     timestamptz 'epoch' + l.until * interval '1 microsecond'
              from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[],
                          $7::text[], $8::bigint[], $9::smallint[], $10::bigint[], $11::bigint[])
                as l (network, address, mac, client_id, host_name, port, relay, state, since, until)
              where l.network in (select network from own)
              on conflict (network, address) do update
                set mac = excluded.mac, client_id = excluded.client_id,
                    host_name = excluded.host_name, port = excluded.port, relay = excluded.relay,
                    state = excluded.state, since = excluded.since, until = excluded.until)
            select network from own\
            """)
        .execute(columns)
        .map(rows ->
            rows.stream()
                .map(row -> new NetworkId(new Uid(row.getUUID("network"))))
                .collect(Collectors.toSet()));
  }

  /** Since 1970, as exact as the table keeps it. */
  private static Long micros(Instant at) {
    return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
  }

  private static <T> T[] array(
      Collection<Lease> leases,
      Function<Lease, T> column,
      java.util.function.IntFunction<T[]> make) {
    return leases.stream().map(column).toArray(make);
  }

  private static List<Lease> leases(RowSet<Row> rows) {
    return rows.stream().map(Leases::lease).toList();
  }

  private static Lease lease(Row row) {
    return new Lease(
        new NetworkId(new Uid(row.getUUID("network"))),
        ipv4(row.getLong("address")),
        new Lease.Client(
            new Mac(row.getLong("mac")),
            row.getString("client_id"),
            row.getString("host_name"),
            row.getString("port"),
            ipv4(row.getLong("relay"))),
        Lease.State.values()[row.getShort("state")],
        row.getOffsetDateTime("since").toInstant(),
        row.getOffsetDateTime("until").toInstant());
  }

  private static Long number(Ipv4 address) {
    return Integer.toUnsignedLong(address.bits());
  }

  private static Ipv4 ipv4(long number) {
    return new Ipv4((int) number);
  }
}
