package io.mammatus.store.log;

import static io.mammatus.store.log.Samples.applied;
import static io.mammatus.store.log.Samples.deleted;
import static io.mammatus.store.log.Samples.entries;
import static io.mammatus.store.log.Samples.flavor;
import static io.mammatus.store.log.Samples.uid;
import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.log.LogEntry;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.log.AppendOutcome.Appended;
import io.mammatus.store.log.AppendOutcome.LogMoved;
import io.mammatus.store.log.AppendOutcome.StaleToken;
import io.mammatus.store.testing.TestDatabase;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLogTest {

  private final TestDatabase test = TestDatabase.fresh(EventLogTest.class);
  private final EventLog log = new EventLog(test.database());

  @AfterEach
  void close() {
    test.close();
  }

  private AppendOutcome append(long head, List<LogEntry> entries) {
    return await(log.append(head, Optional.empty(), entries, List.of(), List.of()));
  }

  @Test
  void entriesAndResourcesComeBackAsTheyWere() {
    List<LogEntry> entries = List.of(applied(1, uid(1)), applied(2, uid(2)), deleted(3, uid(1)));
    AppendOutcome outcome =
        await(
            log.append(
                0,
                Optional.empty(),
                entries,
                List.of(flavor(uid(2), "small", 2)),
                List.of(new Ref(Kind.FLAVOR, uid(1)))));
    assertThat(outcome).isEqualTo(new Appended(3));
    assertThat(await(log.read(0, 10))).isEqualTo(entries);
    assertThat(await(log.read(1, 1))).isEqualTo(entries.subList(1, 2));
    assertThat(await(log.load())).isEqualTo(new Snapshot(3, List.of(flavor(uid(2), "small", 2))));
  }

  @Test
  void aResourceIsReplacedAndItsNameIsFreeAfterDeletion() {
    append(0, entries(0, 1));
    await(
        log.append(
            1, Optional.empty(), entries(1, 1), List.of(flavor(uid(1), "small", 1)), List.of()));
    await(
        log.append(
            2, Optional.empty(), entries(2, 1), List.of(flavor(uid(1), "small", 3)), List.of()));
    assertThat(await(log.load()).resources()).containsExactly(flavor(uid(1), "small", 3));
    await(
        log.append(
            3,
            Optional.empty(),
            entries(3, 1),
            List.of(flavor(uid(2), "small", 4)),
            List.of(new Ref(Kind.FLAVOR, uid(1)))));
    assertThat(await(log.load())).isEqualTo(new Snapshot(4, List.of(flavor(uid(2), "small", 4))));
  }

  @Test
  void anAppendAfterAnotherPositionWritesNothing() {
    append(0, entries(0, 2));
    assertThat(append(0, entries(0, 1))).isEqualTo(new LogMoved(2));
    assertThat(append(5, entries(5, 1))).isEqualTo(new LogMoved(2));
    assertThat(await(log.read(0, 10))).hasSize(2);
  }

  @Test
  void onlyTheNewestTokenIsTaken() {
    FencingToken first = await(log.raiseFence());
    FencingToken second = await(log.raiseFence());
    assertThat(second.number()).isGreaterThan(first.number());
    assertThat(await(log.append(0, Optional.of(first), entries(0, 1), List.of(), List.of())))
        .isEqualTo(new StaleToken(second));
    assertThat(await(log.append(0, Optional.of(second), entries(0, 1), List.of(), List.of())))
        .isEqualTo(new Appended(1));
  }

  @Test
  void aFailureWithinTheTransactionLeavesNothing() {
    List<io.mammatus.core.resource.Resource<?, ?>> sameName =
        List.of(flavor(uid(1), "small", 1), flavor(uid(2), "small", 1));
    assertThatThrownBy(
            () -> await(log.append(0, Optional.empty(), entries(0, 1), sameName, List.of())))
        .hasMessageContaining("resource_kind_workspace_name_key");
    assertThat(await(log.head())).isZero();
    assertThat(await(log.read(0, 10))).isEmpty();
  }

  @Test
  void entriesMustBeNumbered() {
    assertThatThrownBy(() -> append(0, entries(7, 1))).hasMessageContaining("is numbered 8");
    assertThatThrownBy(() -> append(0, List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void historyIsFoundBySubjectInTheOrderOfTimePageByPage() {
    append(0, entries(0, 3));
    // All of the samples have one instant: there the position alone is the order.
    append(3, List.of(deleted(4, uid(1)), deleted(5, uid(3)), applied(6, uid(1))));
    Instant at = applied(1, uid(1)).at();
    assertThat(history(uid(1), Instant.EPOCH, -1, 2)).containsExactly(1L, 4L);
    assertThat(history(uid(1), at, 4, 2)).containsExactly(6L);
    assertThat(history(uid(1), at, -1, 9)).containsExactly(1L, 4L, 6L);
    assertThat(history(uid(1), at, Long.MAX_VALUE, 9)).isEmpty();
    LogEntry sample = applied(7, uid(1));
    LogEntry earlier = // written later, by a clock that is behind
        new LogEntry(
            7,
            at.minusSeconds(1),
            sample.actor(),
            sample.cause(),
            sample.traceId(),
            sample.event());
    append(6, List.of(earlier));
    assertThat(history(uid(1), Instant.EPOCH, -1, 9)).containsExactly(7L, 1L, 4L, 6L);
  }

  private List<Long> history(Uid subject, Instant at, long after, int limit) {
    return await(log.bySubject(subject, at, after, limit)).stream()
        .map(LogEntry::position)
        .toList();
  }

  @Test
  void aLargeStateLoadsWhole() {
    List<io.mammatus.core.resource.Resource<?, ?>> many = new ArrayList<>();
    LongStream.rangeClosed(1, 1501).forEach(n -> many.add(flavor(uid(n), "f" + n, 1)));
    await(log.append(0, Optional.empty(), entries(0, 1), many, List.of()));
    assertThat(await(log.load()).resources()).hasSize(1501).containsAll(many);
  }

  /** Eight writers with stale knowledge of the head: each position once, none missing. */
  @Test
  void positionsAreDenseUnderConcurrentAppenders() {
    int writers = 8;
    int appends = 25;
    List<Future<Void>> all = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      all.add(appendOften(0, appends));
    }
    await(Future.all(all).<Void>mapEmpty());
    List<LogEntry> entries = await(log.read(0, 10_000));
    assertThat(entries)
        .extracting(LogEntry::position)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, writers * appends * 2L).boxed().toList());
  }

  private Future<Void> appendOften(long head, int left) {
    if (left == 0) {
      return Future.succeededFuture();
    }
    return log.append(head, Optional.empty(), entries(head, 2), List.of(), List.of())
        .compose(outcome ->
            switch (outcome) {
              case Appended done -> appendOften(done.head(), left - 1);
              case LogMoved moved -> appendOften(moved.currentHead(), left);
              case StaleToken stale -> Future.failedFuture("no token was used: " + stale);
            });
  }
}
