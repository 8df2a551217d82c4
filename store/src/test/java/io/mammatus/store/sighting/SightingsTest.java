package io.mammatus.store.sighting;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.store.Listener;
import io.mammatus.store.testing.TestDatabase;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SightingsTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.123456Z");

  private final TestDatabase test = TestDatabase.fresh(SightingsTest.class);
  private final Sightings sightings = new Sightings(test.database(), 4);

  @AfterEach
  void close() {
    test.close();
  }

  private static Sighting of(long mac, @Nullable String uuid) {
    return new Sighting(new Mac(mac), "eth1", uuid, "uefi-x64");
  }

  private boolean note(Sighting sighting, int second) {
    return await(sightings.note(sighting, Optional.of("PXEClient"), AT.plusSeconds(second)));
  }

  @Test
  void isKeptOnceWithItsFirstAndLastTime() {
    assertThat(note(of(1, "a"), 0)).isTrue();
    assertThat(note(of(1, null), 5)).isTrue(); // the second packet says less
    assertThat(await(sightings.list()))
        .containsExactly(
            new Sightings.Seen(of(1, "a"), Optional.of("PXEClient"), AT, AT.plusSeconds(5)));
    await(sightings.delete(List.of(new Mac(1))));
    assertThat(await(sightings.list())).isEmpty();
  }

  @Test
  void inventedAddressesFindNoRoom() {
    assertThat(note(of(1, null), 0)).isTrue();
    assertThat(note(of(2, null), 0)).isTrue();
    assertThat(note(of(3, null), 0)).isFalse();
    assertThat(note(of(1, null), 1)).isTrue();
    assertThat(sightings.refused()).isEqualTo(1);
    assertThat(await(sightings.list())).hasSize(2);
  }

  @Test
  void oneLinkLeavesRoomForTheOthers() {
    for (int mac = 1; mac <= 9; mac++) {
      note(of(mac, null), 0);
    }
    Sighting elsewhere = new Sighting(new Mac(99), "eth2", null, "bios");
    assertThat(note(elsewhere, 1)).isTrue();
    assertThat(note(new Sighting(new Mac(98), "eth1", Ipv4.parse("10.9.0.1"), null, null), 1))
        .as("behind a relay")
        .isTrue();
    assertThat(await(sightings.list())).hasSize(4);
    assertThat(note(new Sighting(new Mac(97), "eth3", null, "bios"), 1)).isFalse();
  }

  @Test
  void whatIsNewWakesTheSubscriberAndWhatRepeatsDoesNot() {
    AtomicInteger woken = new AtomicInteger();
    Listener listener = sightings.subscribe(woken::incrementAndGet);
    await().atMost(SOON).until(() -> woken.get() == 1);
    note(of(1, null), 0);
    await().atMost(SOON).until(() -> woken.get() == 2);
    note(of(1, null), 1);
    note(of(1, "a"), 2); // now it says who it is
    await().atMost(SOON).until(() -> woken.get() == 3);
    await(listener.close());
    assertThat(woken).hasValue(3);
  }

  /** A rack that is switched on: one transaction for each would take every connection. */
  @Test
  void aThousandAtOnceShareAFewTransactions() {
    Sightings roomy = new Sightings(test.database(), 1800);
    long before = transactions();
    List<Future<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      all.add(roomy.note(of(i, "a"), Optional.empty(), AT));
      all.add(roomy.note(of(i, null), Optional.empty(), AT)); // the second packet says less
    }
    long noted = all.stream().filter(one -> await(one)).count();
    assertThat(noted).as("two of each, of nine hundred").isEqualTo(1800);
    assertThat(await(roomy.list()))
        .hasSize(900)
        .allMatch(seen -> seen.sighting().smbiosUuid() != null);
    assertThat(transactions() - before).isLessThan(100);
  }

  /** Told by PostgreSQL: the number that the next one would get. */
  private long transactions() {
    return await(
        test.database()
            .pool()
            .query("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next")
            .execute()
            .map(rows -> rows.iterator().next().getLong("next")));
  }
}
