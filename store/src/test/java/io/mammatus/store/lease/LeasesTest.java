package io.mammatus.store.lease;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.lease.Lease.State;
import io.mammatus.store.testing.TestDatabase;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On a real PostgreSQL. */
class LeasesTest {

  private static final Duration TERM = Duration.ofSeconds(60);
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
  private static final NetworkId ONE = new NetworkId(new Uid(new UUID(0, 1)));
  private static final NetworkId TWO = new NetworkId(new Uid(new UUID(0, 2)));
  private static final Ipv4 FIRST = Ipv4.parse("200.0.0.0");

  private final TestDatabase test = TestDatabase.fresh(LeasesTest.class);
  private final Leases leases = new Leases(test.database());
  private final Duties duties = new Duties(test.database());
  private final Context context = test.vertx().getOrCreateContext();
  private final UUID server = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();

  @AfterEach
  void close() {
    test.close();
  }

  private static Lease lease(NetworkId network, int number, State state) {
    return new Lease(
        network,
        FIRST.plus(number),
        new Lease.Client(new Mac(0x020000000000L + number), "01ab", "laptop", "a/b", Ipv4.ANY),
        state,
        NOW,
        NOW.plusSeconds(1000 - number));
  }

  private Set<NetworkId> claim(UUID who, Duration term, NetworkId... networks) {
    return await(duties.claim(who, "host", List.of(networks), term)).keySet();
  }

  @Test
  void whatIsWrittenIsReadInTheOrderInWhichItEnds() {
    claim(server, TERM, ONE, TWO);
    Lease a = lease(ONE, 1, State.BOUND);
    Lease b = lease(ONE, 2, State.RELEASED);
    Lease c = lease(TWO, 3, State.DECLINED);
    assertThat(await(leases.write(server, List.of(a, b, c)))).containsExactlyInAnyOrder(ONE, TWO);
    assertThat(await(leases.of(ONE))).containsExactly(b, a);
    assertThat(await(leases.of(TWO))).containsExactly(c);
    assertThat(await(leases.page(ONE, Ipv4.ANY, 1))).containsExactly(a);
    assertThat(await(leases.page(ONE, a.address(), 9))).containsExactly(b);
    Lease renewed = lease(ONE, 1, State.RELEASED);
    assertThat(await(leases.write(server, List.of(renewed)))).contains(ONE);
    assertThat(await(leases.of(ONE))).containsExactly(b, renewed);
  }

  @Test
  void oneServerHasADutyUntilItsTimeIsOver() {
    assertThat(claim(server, TERM, ONE)).containsExactly(ONE);
    assertThat(claim(other, TERM, ONE, TWO)).containsExactly(TWO);
    assertThat(claim(server, TERM, ONE, TWO)).containsExactly(ONE);
    await(duties.resign(other).map(done -> true));
    assertThat(claim(server, Duration.ofMillis(1), ONE, TWO)).containsExactly(ONE, TWO);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> claim(other, TERM, ONE, TWO).size() == 2);
  }

  @Test
  void whoHasItAgainAfterSomebodyElseIsToldSo() {
    long first = hands(server);
    assertThat(hands(server)).isEqualTo(first);
    await(duties.resign(server).map(done -> true));
    assertThat(hands(server)).as("nobody had it meanwhile").isEqualTo(first);
    await(duties.resign(server).map(done -> true));
    assertThat(hands(other)).isGreaterThan(first);
    await(duties.resign(other).map(done -> true));
    assertThat(hands(server)).isGreaterThan(first);
  }

  private long hands(UUID who) {
    return Objects.requireNonNull(await(duties.claim(who, "host", List.of(ONE), TERM)).get(ONE));
  }

  @Test
  void whoHasNotTheDutyWritesNothing() {
    claim(server, TERM, ONE);
    claim(other, TERM, TWO);
    Lease mine = lease(ONE, 1, State.BOUND);
    Lease theirs = lease(TWO, 2, State.BOUND);
    assertThat(await(leases.write(server, List.of(mine, theirs)))).containsExactly(ONE);
    assertThat(await(leases.of(TWO))).isEmpty();
    LeaseWriter writer = on(() -> new LeaseWriter(test.vertx(), leases, server));
    assertThatThrownBy(() -> await(onLoop(() -> writer.write(theirs)).map(v -> true)))
        .hasMessageContaining("another server");
  }

  @Test
  void aStormIsWrittenInAFewTransactionsAndTheNewestOfAnAddressStays() {
    claim(server, TERM, ONE);
    LeaseWriter writer = on(() -> new LeaseWriter(test.vertx(), leases, server));
    List<Future<Void>> written = new ArrayList<>();
    await(
        onLoop(
                () -> {
                  IntStream.range(0, 5_000)
                      .forEach(i -> {
                        written.add(writer.write(lease(ONE, i, State.BOUND)));
                        written.add(writer.write(lease(ONE, i, State.RELEASED)));
                      });
                  return Future.join(written).otherwiseEmpty();
                })
            .map(v -> true));
    assertThat(written.stream().filter(Future::succeeded).count())
        .as("each second one came before the first was written")
        .isBetween(5_000L, 5_100L);
    assertThat(await(leases.of(ONE)))
        .hasSize(5_000)
        .allMatch(lease -> lease.state() == State.RELEASED);
  }

  /** Nobody is told that it has an address which is written as another's. */
  @Test
  void whoWaitsForAnAddressThatGoesToAnotherIsRefused() {
    claim(server, TERM, ONE);
    LeaseWriter writer = on(() -> new LeaseWriter(test.vertx(), leases, server));
    Lease mine = lease(ONE, 1, State.BOUND);
    Lease.Client neighbour = new Lease.Client(new Mac(0x0200000000ffL), "", "", "", Ipv4.ANY);
    Lease theirs =
        new Lease(ONE, mine.address(), neighbour, State.BOUND, mine.since(), mine.until());
    List<Future<Void>> written = new ArrayList<>();
    await(
        onLoop(
                () -> {
                  written.add(writer.write(lease(ONE, 2, State.BOUND))); // is under way meanwhile
                  written.add(writer.write(mine));
                  written.add(writer.write(mine));
                  written.add(writer.write(theirs));
                  return Future.join(written).otherwiseEmpty();
                })
            .map(v -> true));
    assertThat(written.stream().map(Future::succeeded)).containsExactly(true, false, false, true);
    assertThat(await(leases.of(ONE))).contains(theirs).doesNotContain(mine);
  }

  @Test
  void whatCannotBeWrittenIsRefusedAtOnceWhenTooMuchWaits() {
    LeaseWriter writer = on(() -> new LeaseWriter(test.vertx(), leases, server));
    List<Future<Void>> written = new ArrayList<>();
    await(
        onLoop(
                () -> {
                  for (int i = 0; i < LeaseWriter.MAX_WAITING + 2; i++) {
                    written.add(writer.write(lease(ONE, i, State.BOUND)));
                  }
                  return written.getLast().otherwiseEmpty();
                })
            .map(v -> true));
    assertThat(written.getLast().cause()).hasMessageContaining("too many");
  }

  /** A server that takes a network over reads all leases of the one before. */
  @Test
  void whatIsWrittenWaitsForWhoTakesTheDutyOver() {
    claim(server, TERM, ONE);
    Transaction takesOver = begin("update duty set server = '" + other + "'");
    Future<Set<NetworkId>> written = leases.write(server, List.of(lease(ONE, 1, State.BOUND)));
    awaitBlocked(1);
    await(takesOver.commit().map(v -> true));
    assertThat(await(written)).isEmpty();
    assertThat(await(leases.of(ONE))).isEmpty();
  }

  /** It is given up after three seconds, and written all the same when the database goes on. */
  @Test
  void whatIsWrittenTooLateDoesNotEndOnTopOfWhatCameAfterIt() {
    claim(server, TERM, ONE);
    LeaseWriter writer = on(() -> new LeaseWriter(test.vertx(), leases, server));
    Transaction stalls = begin("lock table lease");
    Lease early = lease(ONE, 1, State.BOUND);
    Lease late = lease(ONE, 1, State.RELEASED);
    Future<Void> first = onLoop(() -> writer.write(early));
    assertThat(await(first.map(v -> "written").otherwise("given up"))).isEqualTo("given up");
    Future<Void> second = onLoop(() -> writer.write(late));
    Future<Void> third = onLoop(() -> writer.write(lease(ONE, 2, State.BOUND)));
    awaitBlocked(1);
    await(stalls.commit().map(v -> true));
    await(Future.all(second, third).map(v -> true));
    assertThat(await(leases.of(ONE))).contains(late).doesNotContain(early);
  }

  private Transaction begin(String statement) {
    return await(
        test.database()
            .pool()
            .getConnection()
            .compose(connection ->
                connection
                    .begin()
                    .compose(begun -> connection.query(statement).execute().map(begun))));
  }

  private void awaitBlocked(long statements) {
    String waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                await(
                    test.database()
                        .pool()
                        .query(waiting)
                        .execute()
                        .map(rows -> rows.iterator().next().getLong(0))),
            number -> number == statements);
  }

  private <T> T on(Supplier<T> make) {
    return await(onLoop(() -> Future.succeededFuture(make.get())));
  }

  /** All of it on one event loop. */
  private <T> Future<T> onLoop(Supplier<Future<T>> action) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(v -> action.get().onComplete(promise));
    return promise.future();
  }
}
