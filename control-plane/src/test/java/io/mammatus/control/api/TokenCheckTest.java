package io.mammatus.control.api;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.store.secret.ApiTokens;
import io.mammatus.store.testing.TestDatabase;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenCheckTest {

  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  private static final String TOKEN = "good-token-0123456789-0123456789";
  private static final String OTHER = "other-token-0123456789-012345678";

  private final TestDatabase test = TestDatabase.fresh(TokenCheckTest.class);
  private final ApiTokens tokens = new ApiTokens(test.database());
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final TokenCheck check = new TokenCheck(tokens, now::get, Duration.ofMillis(300));

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void whatWasGoodStaysGoodForAWhileWhenTheDatabaseDoesNotAnswer() {
    await(tokens.replace("admin", TOKEN, START).map(done -> true));
    await(tokens.replace("guest", OTHER, START).map(done -> true));
    assertThat(await(check.check(TOKEN))).contains("admin");
    await(
        test.database()
            .inTransaction(connection ->
                connection
                    .query("lock table api_token in access exclusive mode") // nobody is answered
                    .execute()
                    .compose(locked -> silent())
                    .map(done -> true)));
    now.set(START.plus(TokenCheck.LIFETIME));
    assertThat(await(check.check(OTHER))).contains("guest"); // it answers again
  }

  private Future<Void> silent() {
    now.set(START.plus(TokenCheck.LIFETIME));
    return check
        .check(TOKEN)
        .map(name -> assertThat(name).contains("admin"))
        .compose(good -> fails(OTHER)) // never seen
        .compose(v -> {
          now.set(START.plus(TokenCheck.WITHOUT_DATABASE));
          return fails(TOKEN);
        });
  }

  private Future<Void> fails(String token) {
    return check
        .check(token)
        .transform(done ->
            done.failed() ? Future.succeededFuture() : Future.failedFuture("it was answered"));
  }
}
