package io.mammatus.control.api;

import io.mammatus.store.Database;
import io.mammatus.store.secret.ApiTokens;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/**
 * The administrator's token. It is kept hashed, so that it can be shown once only: when it is made
 * at the first start, or when it is replaced.
 */
public final class AdminToken {

  private static final String NAME = "admin";
  private static final String PREFIX = "mam_";
  private static final int RANDOM_BYTES = 32;

  private AdminToken() {}

  /** Makes the token unless there is one; empty if there was. */
  static Future<Optional<String>> make(ApiTokens tokens, InstantSource clock) {
    String token = random();
    return tokens
        .putIfAbsent(NAME, token, clock.instant())
        .map(put -> put ? Optional.of(token) : Optional.empty());
  }

  /**
   * Makes a new token, and the old one void: at once in the database, within {@link
   * TokenCheck#LIFETIME} in a control plane that knew it.
   */
  public static Future<String> replace(Database database, InstantSource clock) {
    String token = random();
    return new ApiTokens(database).replace(NAME, token, clock.instant()).map(token);
  }

  private static String random() {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
