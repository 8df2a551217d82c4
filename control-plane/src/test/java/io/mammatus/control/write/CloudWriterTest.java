package io.mammatus.control.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.cloud.Failure;
import io.mammatus.core.log.InstanceEvent;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.log.ResourceEvent.SpecApplied;
import io.mammatus.core.planner.Planner;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.KeySpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.Spec;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.embedded.EmbeddedPostgres;
import io.mammatus.store.embedded.EmbeddedSettings;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.log.FencingToken;
import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.testing.TestServer;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The writer over a real PostgreSQL. */
class CloudWriterTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** A control plane's writer with its own view, as in a process of its own. */
  private record Writing(EventLog log, CloudView view, CloudWriter writer) {

    static Writing on(TestDatabase test) {
      return on(test, Planner::plan);
    }

    static Writing on(TestDatabase test, Batch.Planning planning) {
      EventLog log = new EventLog(test.database());
      CloudView view = TestDatabase.await(CloudView.open(test.database(), log));
      return new Writing(log, view, new CloudWriter(view, log, Clock.systemUTC(), planning));
    }

    Future<Outcome> flavor(String name) {
      return apply(Kind.FLAVOR, name, new FlavorSpec(1, 256, 2));
    }

    Future<Outcome> apply(Kind kind, String name, Spec spec) {
      return writer.submit(
          new Command.Apply(
              kind,
              new Uid(UUID.randomUUID()),
              Metadata.DEFAULT_WORKSPACE,
              name,
              Map.of(),
              spec,
              null),
          Origin.of("test", "test"));
    }

    List<LogEntry> entries() {
      return TestDatabase.await(log.read(0, 10_000));
    }
  }

  private static List<String> flavorsIn(List<LogEntry> entries) {
    List<String> names = new ArrayList<>();
    for (LogEntry entry : entries) {
      if (entry.event() instanceof SpecApplied e && e.kind() == Kind.FLAVOR) {
        names.add(e.name());
      }
    }
    return names;
  }

  private static void settle(List<Future<Outcome>> outcomes) {
    TestDatabase.await(Future.join(outcomes).map(all -> true));
  }

  private static boolean isDone(Future<Outcome> outcome) {
    return outcome.succeeded() && outcome.result() instanceof Outcome.Done;
  }

  @Test
  void twoWritersOnOneDatabaseLoseNothingAndAgree() {
    try (TestDatabase test = TestDatabase.fresh(CloudWriterTest.class)) {
      Writing one = Writing.on(test);
      Writing two = Writing.on(test);
      List<Future<Outcome>> outcomes =
          IntStream.range(0, 300)
              .mapToObj(i -> (i % 2 == 0 ? one : two).flavor("flavor-" + i))
              .toList();
      settle(outcomes);
      assertThat(outcomes).allMatch(CloudWriterTest::isDone);
      List<LogEntry> entries = one.entries();
      assertThat(entries)
          .extracting(LogEntry::position)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 300).boxed().toList());
      assertThat(flavorsIn(entries))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 300).mapToObj(i -> "flavor-" + i).toList());
      await().atMost(SOON).until(() -> two.view().cloud().position() == 300);
      await().atMost(SOON).until(() -> one.view().cloud().position() == 300);
      Cloud stored =
          TestDatabase.await(one.log().load().map(s -> Cloud.of(s.position(), s.resources())));
      for (Cloud cloud : List.of(one.view().cloud(), two.view().cloud())) {
        assertThat(cloud.list(Kind.FLAVOR))
            .containsExactlyInAnyOrderElementsOf(stored.list(Kind.FLAVOR));
      }
    }
  }

  /** The same name from both sides: one is told that it is taken, whoever comes first. */
  @Test
  void aConditionIsDecidedAgainstTheLogNotAgainstAnOldView() {
    try (TestDatabase test = TestDatabase.fresh(CloudWriterTest.class)) {
      Writing one = Writing.on(test);
      Writing two = Writing.on(test);
      for (int round = 0; round < 20; round++) {
        String name = "flavor-" + round;
        List<Future<Outcome>> outcomes =
            Stream.of(one, two)
                .map(w ->
                    w.writer()
                        .submit(
                            new Command.Apply(
                                Kind.FLAVOR,
                                new Uid(UUID.randomUUID()),
                                Metadata.DEFAULT_WORKSPACE,
                                name,
                                Map.of(),
                                new FlavorSpec(1, 256, 2),
                                0L),
                            Origin.of("test", "test")))
                .toList();
        settle(outcomes);
        assertThat(outcomes).filteredOn(CloudWriterTest::isDone).hasSize(1);
      }
    }
  }

  @Test
  void aStaleLeaderDoesNotPlan() {
    try (TestDatabase test = TestDatabase.fresh(CloudWriterTest.class)) {
      Writing old = Writing.on(test);
      Writing current = Writing.on(test);
      FencingToken first = TestDatabase.await(old.log().raiseFence());
      old.writer().lead(first);
      FencingToken second = TestDatabase.await(current.log().raiseFence());
      // The old leader has not heard of it. What it is asked is done, without its plan.
      InstanceSpec spec = new InstanceSpec("debian-12", "small", "lab", List.of(), null);
      assertThat(TestDatabase.await(old.apply(Kind.INSTANCE, "web", spec)))
          .isInstanceOf(Outcome.Done.class);
      assertThat(old.writer().leads()).isFalse();
      assertThat(old.entries()).hasSize(1);
      current.writer().lead(second);
      await().atMost(SOON).until(() -> old.entries().size() == 2);
      assertThat(old.entries().getLast().event()).isInstanceOf(InstanceEvent.InstanceHeld.class);
      assertThat(old.entries().getLast().actor()).isEqualTo("planner");
    }
  }

  /** What comes in at another control plane is planned by the one that leads. */
  @Test
  void theLeaderPlansForWhatOthersWrote() {
    try (TestDatabase test = TestDatabase.fresh(CloudWriterTest.class)) {
      Writing leader = Writing.on(test);
      Writing other = Writing.on(test);
      leader.writer().lead(TestDatabase.await(leader.log().raiseFence()));
      for (int i = 1; i <= 5; i++) {
        InstanceSpec spec = new InstanceSpec("debian-12", "small", "lab", List.of(), null);
        assertThat(TestDatabase.await(other.apply(Kind.INSTANCE, "web-" + i, spec)))
            .isInstanceOf(Outcome.Done.class);
        int expected = 2 * i;
        await().atMost(SOON).until(() -> leader.entries().size() == expected);
        assertThat(leader.entries().getLast().event())
            .isInstanceOf(InstanceEvent.InstanceHeld.class);
      }
    }
  }

  @Test
  void aCommandThatCannotBeDecidedHurtsNobodyElse() {
    try (TestDatabase test = TestDatabase.fresh(CloudWriterTest.class)) {
      Writing writing = Writing.on(test);
      Future<Outcome> before = writing.flavor("before");
      Future<Outcome> poison = writing.apply(Kind.IMAGE, "poison", new FlavorSpec(1, 256, 2));
      Future<Outcome> after = writing.flavor("after");
      assertThat(TestDatabase.await(poison))
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.failure().code()).isEqualTo(Failure.Code.UNAVAILABLE));
      assertThat(TestDatabase.await(before)).isInstanceOf(Outcome.Done.class);
      assertThat(TestDatabase.await(after)).isInstanceOf(Outcome.Done.class);
      assertThat(TestDatabase.await(writing.flavor("later"))).isInstanceOf(Outcome.Done.class);
      assertThat(flavorsIn(writing.entries())).containsExactly("before", "after", "later");
    }
  }

  /** What the planner stumbles over can only be taken away by a command. */
  @Test
  void aPlannerThatFailsKeepsNobodyFromWriting() {
    Batch.Planning planning =
        cloud -> {
          if (cloud.count(Kind.KEY) > 0) {
            throw new IllegalStateException("a mistake in the planner");
          }
          return Planner.plan(cloud);
        };
    try (TestDatabase test = TestDatabase.fresh(CloudWriterTest.class)) {
      Writing writing = Writing.on(test, planning);
      writing.writer().lead(TestDatabase.await(writing.log().raiseFence()));
      InstanceSpec spec = new InstanceSpec("debian-12", "small", "lab", List.of(), null);
      for (Future<Outcome> outcome :
          List.of(
              writing.apply(Kind.KEY, "broken", new KeySpec("ssh-ed25519 " + "A".repeat(43))),
              writing.apply(Kind.INSTANCE, "web", spec))) {
        assertThat(TestDatabase.await(outcome)).isInstanceOf(Outcome.Done.class);
      }
      assertThat(writing.entries()).hasSize(2);
      assertThat(writing.writer().leads()).isTrue();
      // It is planned again as soon as it can be.
      Command delete = new Command.Delete(Kind.KEY, Metadata.DEFAULT_WORKSPACE, "broken", null);
      assertThat(TestDatabase.await(writing.writer().submit(delete, Origin.of("test", "test"))))
          .isInstanceOf(Outcome.Done.class);
      assertThat(writing.entries().getLast().event())
          .isInstanceOf(InstanceEvent.InstanceHeld.class);
    }
  }

  @Test
  void theOutcomeComesOnTheCallersEventLoop() {
    try (TestDatabase test = TestDatabase.fresh(CloudWriterTest.class)) {
      Writing writing = Writing.on(test);
      for (int i = 0; i < 4; i++) {
        String name = "flavor-" + i;
        Promise<Boolean> same = Promise.promise();
        Context caller = test.vertx().getOrCreateContext();
        caller.runOnContext(v ->
            writing
                .flavor(name)
                .onComplete(
                    done -> same.complete(caller.equals(test.vertx().getOrCreateContext()))));
        assertThat(TestDatabase.await(same.future())).isTrue();
      }
    }
  }

  /**
   * PostgreSQL's first process is killed under a burst of commands. What was acknowledged is in the
   * log once; what was not may be asked for again, and then is.
   */
  @Test
  void whatWasAcknowledgedSurvivesAKilledPostgresExactlyOnce() {
    EmbeddedSettings settings = TestServer.settings();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings);
        TestDatabase test = TestDatabase.on(server, CloudWriterTest.class)) {
      Writing writing = Writing.on(test);
      List<String> names = IntStream.range(0, 2000).mapToObj(i -> "flavor-" + i).toList();
      List<Future<Outcome>> outcomes = names.stream().map(writing::flavor).toList();
      // In the middle of it: some batches are through, others are not.
      await().atMost(SOON).until(() -> outcomes.stream().anyMatch(CloudWriterTest::isDone));
      server.process().orElseThrow().destroyForcibly();
      settle(outcomes);
      List<String> acknowledged =
          IntStream.range(0, names.size())
              .filter(i -> isDone(outcomes.get(i)))
              .mapToObj(names::get)
              .toList();
      assertThat(acknowledged).isNotEmpty();
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> TestDatabase.await(writing.flavor("probe")) instanceof Outcome.Done);
      List<String> written = flavorsIn(writing.entries());
      assertThat(written).doesNotHaveDuplicates().containsAll(acknowledged);
      settle(names.stream().map(writing::flavor).toList());
      assertThat(flavorsIn(writing.entries()))
          .doesNotHaveDuplicates()
          .hasSize(names.size() + 1)
          .containsAll(names);
      assertThat(writing.entries())
          .extracting(LogEntry::position)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, names.size() + 1).boxed().toList());
    }
    TestServer.delete(settings.folder());
  }
}
