package io.mammatus.store.leadership;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.store.log.EventLog;
import io.mammatus.store.log.FencingToken;
import io.mammatus.store.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeadershipTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final TestDatabase test = TestDatabase.fresh(LeadershipTest.class);
  private final EventLog log = new EventLog(test.database());
  private final List<String> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    test.close();
  }

  private Leadership stand(String name) {
    return Leadership.stand(
        test.database(),
        log,
        new Leadership.Listener() {
          @Override
          public void leading(FencingToken token) {
            told.add(name + " leads with " + token.number());
          }

          @Override
          public void following(String reason) {
            told.add(name + " follows: " + reason);
          }
        });
  }

  @Test
  void oneLeadsAndTheOtherTakesOver() {
    Leadership first = stand("a");
    await().atMost(SOON).until(() -> first.token().isPresent());
    Leadership second = stand("b");
    await(first.close());
    await().atMost(SOON).until(() -> second.token().isPresent());
    assertThat(told).containsExactly("a leads with 1", "a follows: closed", "b leads with 2");
    await(second.close());
  }

  @Test
  void itIsLostWithTheConnection() {
    Leadership only = stand("a");
    await().atMost(SOON).until(() -> only.token().isPresent());
    await(
        test.database()
            .pool()
            .query(
                "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
                    + " and database = (select oid from pg_database"
                    + " where datname = current_database())")
            .execute());
    await().atMost(SOON).until(() -> told.size() >= 3);
    assertThat(told)
        .containsExactly(
            "a leads with 1", "a follows: the connection to PostgreSQL was lost", "a leads with 2");
    await(only.close());
  }
}
