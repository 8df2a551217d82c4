package io.mammatus.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections to a PostgreSQL that is durable and has our schema.
 *
 * <p>While the server is away, calls fail within {@link #CONNECT_SECONDS}; when it is back, they
 * work again: nothing needs to be opened anew.
 */
public final class Database {

  private static final System.Logger LOG = System.getLogger(Database.class.getName());

  /** A call that finds no connection fails after this; seconds. */
  public static final int CONNECT_SECONDS = 5;

  /** Off: the server may lose what it acknowledged. Everything here relies on the contrary. */
  private static final List<String> DURABLE = List.of("fsync", "synchronous_commit");

  private final Vertx vertx;
  private final DatabaseSettings settings;
  private final Pool pool;

  private Database(Vertx vertx, DatabaseSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    PoolOptions options =
        new PoolOptions()
            .setMaxSize(settings.connections())
            .setConnectionTimeout(CONNECT_SECONDS)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS)
            .setIdleTimeout(5)
            .setIdleTimeoutUnit(TimeUnit.MINUTES);
    this.pool =
        PgBuilder.pool().with(options).connectingTo(settings.connectOptions()).using(vertx).build();
  }

  /**
   * Connects, checks that the server is durable and migrates the schema.
   *
   * @return fails with {@link StoreException} if the server is not durable, or was migrated by a
   *     newer version of this program
   */
  public static Future<Database> open(Vertx vertx, DatabaseSettings settings) {
    Database database = new Database(vertx, settings);
    return database
        .pool
        .withConnection(
            connection -> requireDurable(connection).compose(durable -> Migrations.run(connection)))
        .map(database)
        .recover(e -> database.close().transform(closed -> Future.failedFuture(e)));
  }

  /**
   * Creates a database unless it is there.
   *
   * @param settings of any database of the server, which must exist
   */
  public static Future<Void> create(Vertx vertx, DatabaseSettings settings, String name) {
    if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
      return Future.failedFuture(new IllegalArgumentException("not a database's name: " + name));
    }
    return PgConnection.connect(vertx, settings.inDatabase("postgres").connectOptions())
        .compose(connection ->
            connection
                .preparedQuery("select 1 from pg_database where datname = $1")
                .execute(Tuple.of(name))
                .compose(found ->
                    found.size() > 0
                        ? Future.<Void>succeededFuture()
                        : connection.query("create database " + name).execute().<Void>mapEmpty())
                .eventually(connection::close));
  }

  public Vertx vertx() {
    return vertx;
  }

  /** For one statement, or several in {@link #inTransaction}. */
  public Pool pool() {
    return pool;
  }

  /** Runs {@code work} in one transaction: committed if its future succeeds, else rolled back. */
  @SuppressWarnings("NullAway") // Vert.x allows for work that yields nothing; ours never does
  public <T> Future<T> inTransaction(Function<SqlConnection, Future<T>> work) {
    return pool.withTransaction(work);
  }

  /** A connection outside the pool, for what is bound to one: LISTEN and advisory locks. */
  public Future<PgConnection> connect() {
    Future<PgConnection> connecting = PgConnection.connect(vertx, settings.connectOptions());
    return connecting
        .timeout(CONNECT_SECONDS, TimeUnit.SECONDS)
        .onFailure(e -> connecting.onComplete(late -> closeLate(late.result())));
  }

  /** It came after its caller had given up. */
  private static void closeLate(@Nullable PgConnection connection) {
    if (connection != null) {
      connection.close().onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "close", e));
    }
  }

  public Future<Void> close() {
    return pool.close();
  }

  private static Future<Void> requireDurable(SqlConnection connection) {
    return connection
        .preparedQuery("select name, setting from pg_settings where name = any($1)")
        .execute(Tuple.of(DURABLE.toArray(String[]::new)))
        .compose(rows -> {
          for (Row row : rows) {
            if (row.getString("setting").equals("off")) {
              return Future.failedFuture(
                  new StoreException(
                      "PostgreSQL runs with "
                          + row.getString("name")
                          + " = off and may lose what it acknowledged: turn it on"));
            }
          }
          return Future.succeededFuture();
        });
  }
}
