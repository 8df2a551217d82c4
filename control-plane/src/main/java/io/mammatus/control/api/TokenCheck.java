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

/**
 * Whose token it is. What was good stays good for {@link #LIFETIME}, so that reading goes on while
 * PostgreSQL is away for a moment. What was bad is never remembered: guessing would push out the
 * good ones. Thread-safe.
 */
final class TokenCheck {

  static final Duration LIFETIME = Duration.ofSeconds(30);
  private static final int CAPACITY = 1000;
  private static final int MAX_LENGTH = 256;

  private record Known(String name, Instant until) {}

  private final ApiTokens tokens;
  private final InstantSource clock;

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
    this.tokens = tokens;
    this.clock = clock;
  }

  /** The name that the token belongs to; fails if the database cannot be asked. */
  Future<Optional<String>> check(String token) {
    if (token.length() > MAX_LENGTH) {
      return Future.succeededFuture(Optional.empty());
    }
    String key = digest(token);
    Instant now = clock.instant();
    synchronized (known) {
      Known found = known.get(key);
      if (found != null && now.isBefore(found.until())) {
        return Future.succeededFuture(Optional.of(found.name()));
      }
    }
    return tokens
        .check(token)
        .onSuccess(name -> {
          synchronized (known) {
            name.ifPresentOrElse(
                n -> known.put(key, new Known(n, now.plus(LIFETIME))), () -> known.remove(key));
          }
        });
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
