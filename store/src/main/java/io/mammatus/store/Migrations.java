package io.mammatus.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Brings the schema up to date, in one transaction: all of it or nothing. Files are named as Flyway
 * names them; docs/adr/0005-migrations.md says why it is not Flyway that runs them.
 */
final class Migrations {

  /** In order. A file that was released never changes: correct it by another one. */
  private static final List<String> FILES =
      List.of(
          "V1__log.sql",
          "V2__trace.sql",
          "V3__sighting.sql",
          "V4__secret.sql",
          "V5__presence.sql",
          "V6__configuration.sql",
          "V7__dhcp.sql",
          "V8__duty_hands.sql",
          "V9__lease_relay.sql");

  /** Any number that nobody else locks: several processes may start at once. */
  private static final long LOCK = 0x6d616d6d61747573L;

  private record Migration(int version, String name, String sql, String checksum) {}

  private record Applied(int version, String checksum) {}

  private Migrations() {}

  static Future<Void> run(SqlConnection connection) {
    return connection
        .begin()
        .compose(transaction ->
            connection
                .query("select pg_advisory_xact_lock(" + LOCK + ")")
                .execute()
                .compose(locked -> applied(connection))
                .compose(applied -> apply(connection, applied))
                .compose(done -> transaction.commit())
                .recover(e -> rollback(transaction, e)));
  }

  private static Future<Void> rollback(Transaction transaction, Throwable why) {
    return transaction.rollback().transform(rolledBack -> Future.failedFuture(why));
  }

  private static Future<List<Applied>> applied(SqlConnection connection) {
    return connection
        .query("select to_regclass('schema_version') is not null")
        .execute()
        .compose(rows ->
            rows.iterator().next().getBoolean(0)
                ? Future.<Void>succeededFuture()
                : createHistory(connection))
        .compose(there ->
            connection
                .query("select version, checksum from schema_version order by version")
                .execute())
        .map(rows -> rows.stream().map(Migrations::applied).toList());
  }

  private static Future<Void> createHistory(SqlConnection connection) {
    return connection
        .query(
            """
            create table schema_version (
              version    int         primary key,
              name       text        not null,
              checksum   text        not null,
              applied_at timestamptz not null default now()
            )\
            """)
        .execute()
        .mapEmpty();
  }

  private static Applied applied(Row row) {
    return new Applied(row.getInteger("version"), row.getString("checksum"));
  }

  private static Future<Void> apply(SqlConnection connection, List<Applied> applied) {
    List<Migration> known = FILES.stream().map(Migrations::read).toList();
    if (applied.size() > known.size()) {
      return Future.failedFuture(
          new StoreException(
              "the database has schema version %d, this program knows %d: run the newer program"
                  .formatted(applied.size(), known.size())));
    }
    for (int i = 0; i < applied.size(); i++) {
      if (!applied.get(i).checksum().equals(known.get(i).checksum())) {
        return Future.failedFuture(
            new StoreException(
                "the database was made by another %s than this program has"
                    .formatted(known.get(i).name())));
      }
    }
    Future<Void> done = Future.succeededFuture();
    for (Migration next : known.subList(applied.size(), known.size())) {
      done = done.compose(before -> apply(connection, next));
    }
    return done;
  }

  private static Future<Void> apply(SqlConnection connection, Migration migration) {
    return connection
        .query(migration.sql())
        .execute()
        .compose(done ->
            connection
                .preparedQuery(
                    "insert into schema_version (version, name, checksum) values ($1, $2, $3)")
                .execute(Tuple.of(migration.version(), migration.name(), migration.checksum())))
        .mapEmpty();
  }

  private static Migration read(String name) {
    try (InputStream in = Migrations.class.getResourceAsStream("migrations/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      byte[] sql = in.readAllBytes();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(sql);
      return new Migration(
          FILES.indexOf(name) + 1,
          name,
          new String(sql, StandardCharsets.UTF_8),
          HexFormat.of().formatHex(digest));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
