package io.mammatus.pxe.lease;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.pxe.testing.Dhcp;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import io.mammatus.store.lease.Duties;
import io.mammatus.store.lease.Lease;
import io.mammatus.store.lease.Leases;
import io.mammatus.store.testing.TestDatabase;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two servers of one network, on a real PostgreSQL. */
class LeaseKeeperTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final NetworkId NETWORK = new NetworkId(new Uid(new UUID(0, 5)));
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
  private static final Lease.Client CLIENT =
      new Lease.Client(new Mac(0x020000000001L), "", "laptop", "", Ipv4.ANY);

  private final TestDatabase test = TestDatabase.fresh(LeaseKeeperTest.class);
  private final BootViews views = new BootViews(view("10.0.0.10-10.0.0.19"));

  @AfterEach
  void close() {
    test.close();
  }

  private static SnapshotView view(String pool) {
    DhcpSpec dhcp = Dhcp.of(pool).spec();
    Subnet subnet =
        new Subnet(
            NETWORK,
            "br0",
            Ipv4.parse("10.0.0.1"),
            Cidr.parse("10.0.0.0/24"),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Duration.ofHours(1),
            dhcp);
    return new SnapshotView(List.of(subnet), List.of());
  }

  /** A server with an event loop of its own. */
  private final class Server {
    private final Context context = test.vertx().getOrCreateContext();
    private final LeaseKeeper keeper;

    Server(String interfaceName) {
      keeper =
          on(() ->
              Future.succeededFuture(
                  new LeaseKeeper(
                      test.vertx(),
                      new Leases(test.database()),
                      new Duties(test.database()),
                      views,
                      Set.of(interfaceName),
                      new ServerIdentity(UUID.randomUUID(), "here"))));
      on(() -> keeper.start().map(true));
    }

    private <T> T on(Supplier<Future<T>> action) {
      Promise<T> promise = Promise.promise();
      context.runOnContext(v -> action.get().onComplete(promise));
      return await(promise.future());
    }

    boolean answers() {
      return on(() -> Future.succeededFuture(keeper.book(NETWORK).isPresent()));
    }

    boolean answersForHosts() {
      return on(() -> Future.succeededFuture(keeper.answersFor(NETWORK)));
    }

    LeaseBook.Answer offer(Lease.Client client, Instant now) {
      return on(() ->
          Future.succeededFuture(
              keeper.book(NETWORK).orElseThrow().offer(client, Optional.empty(), now)));
    }

    boolean binds(Ipv4 address) {
      return on(() -> {
        LeaseBook book = keeper.book(NETWORK).orElseThrow();
        Lease lease = book.lease(CLIENT, address, Duration.ofHours(1), NOW);
        return keeper.write(lease).onSuccess(v -> book.bind(lease)).map(true).otherwise(false);
      });
    }

    boolean releases(Ipv4 address) {
      return on(() -> {
        LeaseBook book = keeper.book(NETWORK).orElseThrow();
        return keeper.write(book.release(CLIENT.mac(), address, NOW).orElseThrow()).map(true);
      });
    }

    Optional<Ipv4> named(String name) {
      return on(() -> Future.succeededFuture(keeper.names().addressOf(name, _ -> true, NOW)));
    }

    void stop() {
      on(() -> keeper.stop().map(true));
    }
  }

  @Test
  void oneAnswersAndTheOtherTakesOverWithWhatWasWritten() {
    Server first = new Server("br0");
    Server second = new Server("br0");
    Server elsewhere = new Server("br1");
    assertThat(first.answers()).isTrue();
    assertThat(second.answers()).isFalse();
    assertThat(elsewhere.answers()).isFalse();
    Ipv4 address = ((LeaseBook.Answer.Granted) first.offer(CLIENT, NOW)).address();
    assertThat(first.binds(address)).isTrue();

    first.stop();
    assertThat(first.answers()).isFalse();
    Awaitility.await().atMost(SOON).until(second::answers);
    assertThat(second.offer(CLIENT, NOW)).isEqualTo(new LeaseBook.Answer.Granted(address));
    Lease.Client other = new Lease.Client(new Mac(0x020000000002L), "", "", "", Ipv4.ANY);
    assertThat(second.offer(other, NOW)).isNotEqualTo(new LeaseBook.Answer.Granted(address));
  }

  /** It was away for so long that another server had the network, gave a lease, and went. */
  @Test
  void whoComesBackReadsWhatAnotherGaveMeanwhile() {
    Server server = new Server("br0");
    Ipv4 address = ((LeaseBook.Answer.Granted) server.offer(CLIENT, NOW)).address();
    UUID other = UUID.randomUUID();
    Lease.Client neighbour = new Lease.Client(new Mac(0x020000000009L), "", "", "", Ipv4.ANY);
    Lease theirs =
        new Lease(
            NETWORK, address, neighbour, Lease.State.BOUND, NOW, NOW.plus(Duration.ofDays(1)));
    await(
        test.database()
            .inTransaction(connection ->
                connection
                    .preparedQuery(
                        "update duty set server = $1, hands = hands + 1, until = '-infinity'")
                    .execute(Tuple.of(other))
                    .compose(done ->
                        connection
                            .preparedQuery(
                                """
                                insert into lease values
                                  ($1, $2, $3, '', '', '', 0, $4, $5)\
                                """)
                            .execute(
                                Tuple.of(
                                    NETWORK.uid().value(),
                                    Integer.toUnsignedLong(address.bits()),
                                    theirs.client().mac().bits(),
                                    NOW.atOffset(ZoneOffset.UTC),
                                    theirs.until().atOffset(ZoneOffset.UTC)))))
            .map(true));
    Awaitility.await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(NoSuchElementException.class) // while it reads
        .until(() -> !server.offer(CLIENT, NOW).equals(new LeaseBook.Answer.Granted(address)));
    assertThat(server.offer(neighbour, NOW)).isEqualTo(new LeaseBook.Answer.Granted(address));
  }

  /** By the server that gives the lease at once, by another one soon. */
  @Test
  void whatClientsCallThemselvesIsKnownWhileTheyHaveAnAddress() {
    Server first = new Server("br0");
    Server second = new Server("br0");
    Ipv4 address = ((LeaseBook.Answer.Granted) first.offer(CLIENT, NOW)).address();
    assertThat(first.named("laptop")).isEmpty();
    assertThat(first.binds(address)).isTrue();
    assertThat(first.named("laptop")).contains(address);
    Awaitility.await().atMost(SOON).until(() -> second.named("laptop").isPresent());
    assertThat(first.releases(address)).isTrue();
    assertThat(first.named("laptop")).isEmpty();
    Awaitility.await().atMost(SOON).until(() -> second.named("laptop").isEmpty());
  }

  @Test
  void anotherPoolHoldsFromTheChangeOn() {
    Server server = new Server("br0");
    views.publish(view("10.0.0.50-10.0.0.59"));
    Awaitility.await()
        .atMost(SOON)
        .until(() ->
            server
                .offer(CLIENT, NOW)
                .equals(new LeaseBook.Answer.Granted(Ipv4.parse("10.0.0.50"))));
  }

  /**
   * Machines and instances must get their addresses, which every server knows; but another server
   * may be able to reach the database, and give from the pools.
   */
  @Test
  void whoCannotReachTheDatabaseGoesOnWithoutPools() {
    Server server = new Server("br0");
    assertThat(server.answers()).isTrue();
    await(test.database().close());
    assertThat(server.binds(Ipv4.parse("10.0.0.10"))).isFalse();
    Awaitility.await().atMost(SOON).until(() -> !server.answers());
    Awaitility.await().atMost(SOON).until(server::answersForHosts);
  }
}
