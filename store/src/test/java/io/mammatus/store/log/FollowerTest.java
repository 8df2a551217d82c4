package io.mammatus.store.log;

import static io.mammatus.store.log.Samples.entries;
import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.core.log.LogEntry;
import io.mammatus.platform.health.Health;
import io.mammatus.store.embedded.EmbeddedPostgres;
import io.mammatus.store.embedded.EmbeddedSettings;
import io.mammatus.store.log.AppendOutcome.Appended;
import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.testing.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FollowerTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final List<Long> seen = new CopyOnWriteArrayList<>();

  private Future<Void> note(List<LogEntry> batch) {
    batch.forEach(entry -> seen.add(entry.position()));
    return Future.succeededFuture();
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  private static void append(EventLog log, long head, int count) {
    assertThat(
            await(log.append(head, Optional.empty(), entries(head, count), List.of(), List.of())))
        .isEqualTo(new Appended(head + count));
  }

  @Test
  void deliversWhatWasThereAndWhatComes() {
    try (TestDatabase test = TestDatabase.fresh(FollowerTest.class)) {
      EventLog log = new EventLog(test.database());
      append(log, 0, 1200); // more than two batches
      Follower follower = Follower.start(test.database(), log, 0, this::note);
      await().atMost(SOON).untilAsserted(() -> assertThat(seen).isEqualTo(upTo(1200)));
      append(log, 1200, 3);
      await().atMost(SOON).untilAsserted(() -> assertThat(seen).isEqualTo(upTo(1203)));
      assertThat(follower.position()).isEqualTo(1203);
      assertThat(follower.health()).isEqualTo(Health.READY);
      await(follower.close());
    }
  }

  @Test
  void theNextBatchWaitsForTheHandler() {
    try (TestDatabase test = TestDatabase.fresh(FollowerTest.class)) {
      EventLog log = new EventLog(test.database());
      append(log, 0, 1);
      Promise<Void> busy = Promise.promise();
      AtomicInteger calls = new AtomicInteger();
      Follower follower =
          Follower.start(
              test.database(),
              log,
              0,
              batch -> {
                calls.incrementAndGet();
                return busy.future().compose(go -> note(batch));
              });
      await().atMost(SOON).until(() -> calls.get() == 1);
      append(log, 1, 1);
      assertThat(await(log.read(0, 10))).hasSize(2);
      assertThat(calls).hasValue(1);
      busy.complete();
      await().atMost(SOON).untilAsserted(() -> assertThat(seen).isEqualTo(upTo(2)));
      await(follower.close());
    }
  }

  @Test
  void aBatchThatFailedComesAgain() {
    try (TestDatabase test = TestDatabase.fresh(FollowerTest.class)) {
      EventLog log = new EventLog(test.database());
      append(log, 0, 2);
      AtomicInteger calls = new AtomicInteger();
      Follower follower =
          Follower.start(
              test.database(),
              log,
              0,
              batch -> calls.incrementAndGet() == 1 ? Future.failedFuture("not now") : note(batch));
      await().atMost(SOON).untilAsserted(() -> assertThat(seen).isEqualTo(upTo(2)));
      await(follower.close());
    }
  }

  /**
   * PostgreSQL is killed while a writer appends: nothing acknowledged is lost, nothing is missed.
   */
  @Test
  void catchesUpAfterPostgresWasKilled() {
    EmbeddedSettings settings = TestServer.settings();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings);
        TestDatabase test = TestDatabase.on(server, FollowerTest.class)) {
      EventLog log = new EventLog(test.database());
      Follower follower = Follower.start(test.database(), log, 0, this::note);
      append(log, 0, 50);
      Future<Long> acknowledged = appendUntilFailure(log, 50);
      server.process().orElseThrow().destroyForcibly();
      long last = await(acknowledged);
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(await(log.head())).isGreaterThanOrEqualTo(last));
      long head = await(log.head());
      append(log, head, 5);
      await().atMost(SOON).untilAsserted(() -> assertThat(seen).isEqualTo(upTo(head + 5)));
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(follower.health()).isEqualTo(Health.READY));
      await(follower.close());
    }
    TestServer.delete(settings.folder());
  }

  /** Yields the last position that was acknowledged before the server went away. */
  private static Future<Long> appendUntilFailure(EventLog log, long head) {
    return log.append(head, Optional.empty(), entries(head, 1), List.of(), List.of())
        .transform(outcome ->
            outcome.succeeded() ? appendUntilFailure(log, head + 1) : Future.succeededFuture(head));
  }
}
