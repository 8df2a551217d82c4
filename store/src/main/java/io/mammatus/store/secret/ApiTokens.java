package io.mammatus.store.secret;

import io.mammatus.store.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Tokens of the API by name. A token is at least 128 random bits, so one round of SHA-256 is enough
 * and an index finds it: there is nothing to guess, and no timing to learn from.
 */
public final class ApiTokens {

  private static final int MIN_LENGTH = 22; // 128 bits in base64

  private final Database database;

  public ApiTokens(Database database) {
    this.database = database;
  }

  /**
   * Makes the token the only one of this name; an older one is void from now on.
   *
   * @throws IllegalArgumentException if it is too short to be random enough
   */
  public Future<Void> replace(String name, String token, Instant at) {
    return database
        .pool()
        .preparedQuery(
            """
            insert into api_token (name, hash, created) values ($1, $2, $3)
            on conflict (name) do update set hash = excluded.hash, created = excluded.created\
            """)
        .execute(Tuple.of(name, hash(token), at.atOffset(ZoneOffset.UTC)))
        .mapEmpty();
  }

  /**
   * The same, unless there is one of this name already.
   *
   * @return whether it was put
   */
  public Future<Boolean> putIfAbsent(String name, String token, Instant at) {
    return database
        .pool()
        .preparedQuery(
            """
            insert into api_token (name, hash, created) values ($1, $2, $3)
            on conflict (name) do nothing\
            """)
        .execute(Tuple.of(name, hash(token), at.atOffset(ZoneOffset.UTC)))
        .map(rows -> rows.rowCount() == 1);
  }

  /** The name that the token belongs to; absent if it is nobody's. */
  public Future<Optional<String>> check(String token) {
    if (token.length() < MIN_LENGTH) {
      return Future.succeededFuture(Optional.empty());
    }
    return database
        .pool()
        .preparedQuery("select name from api_token where hash = $1")
        .execute(Tuple.of(hash(token)))
        .map(rows -> rows.stream().map(row -> row.getString("name")).findFirst());
  }

  private static Buffer hash(String token) {
    if (token.length() < MIN_LENGTH) {
      throw new IllegalArgumentException("a token has at least 128 random bits");
    }
    try {
      return Buffer.buffer(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
