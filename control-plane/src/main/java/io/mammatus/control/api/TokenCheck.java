package io.mammatus.control.api;

import io.mammatus.store.secret.ApiTokens;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whose token it is. What was good is not asked for again within {@link #LIFETIME}, and while
 * PostgreSQL does not answer it stays good for {@link #WITHOUT_DATABASE}, so that reading goes on.
 * What was bad is never remembered: guessing would push out the good ones. Thread-safe.
 */
final class TokenCheck {

  static final Duration LIFETIME = Duration.ofSeconds(30);

  /** For so long a token that was replaced meanwhile may still read, if PostgreSQL is away. */
  static final Duration WITHOUT_DATABASE = Duration.ofMinutes(10);

  /** How long PostgreSQL has to answer; its client by itself would wait for ever. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final int CAPACITY = 1000;
  private static final int MAX_LENGTH = 256;

  private record Known(String name, Instant verified) {}

  private final ApiTokens tokens;
  private final InstantSource clock;
  private final Duration patience;

  /** By digest, so that a heap dump shows no token; guarded by itself. */
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > CAPACITY;
        }
      };

  TokenCheck(ApiTokens tokens, InstantSource clock) {
    this(tokens, clock, PATIENCE);
  }

  TokenCheck(ApiTokens tokens, InstantSource clock, Duration patience) {
    this.tokens = tokens;
    this.clock = clock;
    this.patience = patience;
  }

  /** The name that the token belongs to; fails if the database cannot be asked. */
  Future<Optional<String>> check(String token) {
    if (token.length() > MAX_LENGTH) {
      return Future.succeededFuture(Optional.empty());
    }
    String key = digest(token);
    Instant now = clock.instant();
    Optional<String> fresh = remembered(key, now, LIFETIME);
    if (fresh.isPresent()) {
      return Future.succeededFuture(fresh);
    }
    return tokens
        .check(token)
        .onSuccess(name -> remember(key, name, now))
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .recover(e -> {
          Optional<String> last = remembered(key, now, WITHOUT_DATABASE);
          return last.isPresent() ? Future.succeededFuture(last) : Future.failedFuture(e);
        });
  }

  private Optional<String> remembered(String key, Instant now, Duration lifetime) {
    synchronized (known) {
      return Optional.ofNullable(known.get(key))
          .filter(found -> now.isBefore(found.verified().plus(lifetime)))
          .map(Known::name);
    }
  }

  private void remember(String key, Optional<String> name, Instant now) {
    synchronized (known) {
      name.ifPresentOrElse(n -> known.put(key, new Known(n, now)), () -> known.remove(key));
    }
  }

  private static String digest(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
