package io.mammatus.store.presence;

import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Which nodes are connected to some control plane. Times are the database's, so that clocks need
 * not agree.
 */
public final class Presence {

  private final Database database;

  public Presence(Database database) {
    this.database = database;
  }

  /** These nodes are connected to this server now. */
  public Future<Void> confirm(UUID server, Collection<NodeId> nodes) {
    if (nodes.isEmpty()) {
      return Future.succeededFuture();
    }
    UUID[] ids = nodes.stream().map(node -> node.uid().value()).toArray(UUID[]::new);
    return database
        .pool()
        .preparedQuery(
            """
            insert into presence (node_id, server, seen)
            select id, $1, now() from unnest($2::uuid[]) as id
            on conflict (node_id) do update set server = excluded.server, seen = excluded.seen\
            """)
        .execute(Tuple.of(server).addArrayOfUUID(ids))
        .mapEmpty();
  }

  /** The nodes that some server confirmed within this time. */
  public Future<Set<NodeId>> confirmedWithin(Duration time) {
    return database
        .pool()
        .preparedQuery(
            "select node_id from presence where seen > now() - make_interval(secs => $1)")
        .execute(Tuple.of(time.toMillis() / 1000.0))
        .map(rows ->
            rows.stream()
                .map(row -> new NodeId(new Uid(row.getUUID("node_id"))))
                .collect(Collectors.toSet()));
  }
}
