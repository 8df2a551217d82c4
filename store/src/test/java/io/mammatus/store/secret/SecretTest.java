package io.mammatus.store.secret;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.store.testing.TestDatabase;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SecretTest {

  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.123456Z");
  private static final String FIRST = "a".repeat(22);
  private static final String SECOND = "b".repeat(22);

  private final TestDatabase test = TestDatabase.fresh(SecretTest.class);

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void aTokenIsReplacedByName() {
    ApiTokens tokens = new ApiTokens(test.database());
    assertThat(await(tokens.putIfAbsent("admin", FIRST, AT))).isTrue();
    assertThat(await(tokens.putIfAbsent("admin", SECOND, AT))).isFalse();
    assertThat(await(tokens.check(FIRST))).contains("admin");
    await(tokens.replace("admin", SECOND, AT));
    assertThat(await(tokens.check(FIRST))).isEmpty();
    assertThat(await(tokens.check(SECOND))).contains("admin");
    assertThat(await(tokens.check(""))).isEmpty();
    assertThatThrownBy(() -> await(tokens.replace("admin", "short", AT)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
