package io.mammatus.store.presence;

import io.mammatus.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** Small texts that one process leaves for the others; nothing secret. */
public final class Announcements {

  /** The fingerprint of the cloud's CA, which boot scripts pass on. */
  public static final String CA_FINGERPRINT = "ca-fingerprint";

  /** The port where agents connect. */
  public static final String AGENT_PORT = "agent-port";

  private final Database database;

  public Announcements(Database database) {
    this.database = database;
  }

  public Future<Void> put(String name, String value) {
    return database
        .pool()
        .preparedQuery(
            """
            insert into announcement (name, value) values ($1, $2)
            on conflict (name) do update set value = excluded.value\
            """)
        .execute(Tuple.of(name, value))
        .mapEmpty();
  }

  public Future<Optional<String>> get(String name) {
    return database
        .pool()
        .preparedQuery("select value from announcement where name = $1")
        .execute(Tuple.of(name))
        .map(rows -> rows.stream().map(row -> row.getString("value")).findFirst());
  }
}
