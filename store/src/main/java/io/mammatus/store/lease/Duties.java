package io.mammatus.store.lease;

import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Who answers DHCP on a network: one server at a time, until its time is over or it gives the duty
 * up. Times are the database's, so that clocks need not agree.
 */
public final class Duties {

  private final Database database;

  public Duties(Database database) {
    this.database = database;
  }

  /**
   * Takes every one of these networks that nobody else has, and keeps those that this server has.
   *
   * @param host the server's name, for people
   * @return those that it has now, for {@code term}, each with a number that is another one if
   *     somebody else had it since this server had it last
   */
  public Future<Map<NetworkId, Long>> claim(
      UUID server, String host, Collection<NetworkId> networks, Duration term) {
    UUID[] ids = networks.stream().map(network -> network.uid().value()).toArray(UUID[]::new);
    return database
        .pool()
        .preparedQuery(
            """
            insert into duty (network, server, host, hands, until)
            select id, $1, $2, 1, now() + make_interval(secs => $4) from unnest($3::uuid[]) as id
            order by id -- who writes leases locks them in the same order
            on conflict (network) do update
              set server = excluded.server, host = excluded.host, until = excluded.until,
                  hands = duty.hands + (duty.server <> excluded.server)::int
              where duty.server = excluded.server or duty.until < now()
            returning network, hands\
            """)
        .execute(Tuple.of(server, host).addArrayOfUUID(ids).addDouble(term.toMillis() / 1000.0))
        .map(rows ->
            rows.stream()
                .collect(
                    Collectors.toMap(
                        row -> new NetworkId(new Uid(row.getUUID("network"))),
                        row -> row.getLong("hands"))));
  }

  /** Gives all of them up, so that another server need not wait. */
  public Future<Void> resign(UUID server) {
    return database
        .pool()
        .preparedQuery("update duty set until = '-infinity' where server = $1")
        .execute(Tuple.of(server))
        .mapEmpty();
  }
}
