package io.mammatus.store.secret;

import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** The certificates that the cloud's CA gave to nodes. */
public final class Certificates {

  private final Database database;

  public Certificates(Database database) {
    this.database = database;
  }

  /**
   * A certificate.
   *
   * @param serial hexadecimal, as the certificate has it
   * @param fingerprint of the node's key
   * @param revokedAt absent while it is good
   */
  public record Certificate(
      String serial,
      NodeId node,
      String fingerprint,
      Instant notAfter,
      Optional<Instant> revokedAt) {}

  /** Notes a certificate before it is given out; fails if the serial was used before. */
  public Future<Void> put(Certificate certificate) {
    return database
        .pool()
        .preparedQuery(
            """
            insert into certificate (serial, node_id, fingerprint, not_after, revoked_at)
            values ($1, $2, $3, $4, $5)\
            """)
        .execute(
            Tuple.of(
                certificate.serial(),
                certificate.node().uid().value(),
                certificate.fingerprint(),
                certificate.notAfter().atOffset(ZoneOffset.UTC),
                certificate.revokedAt().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null)))
        .mapEmpty();
  }

  public Future<Optional<Certificate>> get(String serial) {
    return database
        .pool()
        .preparedQuery("select * from certificate where serial = $1")
        .execute(Tuple.of(serial))
        .map(rows -> rows.stream().map(Certificates::certificate).findFirst());
  }

  /**
   * Revokes all of a node's that are good.
   *
   * @return how many those were
   */
  public Future<Integer> revoke(NodeId node, Instant at) {
    return database
        .pool()
        .preparedQuery(
            "update certificate set revoked_at = $2 where node_id = $1 and revoked_at is null")
        .execute(Tuple.of(node.uid().value(), at.atOffset(ZoneOffset.UTC)))
        .map(rows -> rows.rowCount());
  }

  private static Certificate certificate(Row row) {
    return new Certificate(
        row.getString("serial"),
        new NodeId(new Uid(row.getUUID("node_id"))),
        row.getString("fingerprint"),
        row.getOffsetDateTime("not_after").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("revoked_at")).map(OffsetDateTime::toInstant));
  }
}
