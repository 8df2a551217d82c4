package io.mammatus.store.trace;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.trace.Traces.Bounds;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TraceTest {

  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.123456Z");
  private static final Mac MAC = Mac.parse("52:54:00:12:34:56");
  private static final Uid SUBJECT = new Uid(new UUID(0, 7));

  private final TestDatabase test = TestDatabase.fresh(TraceTest.class);
  private final Traces traces = new Traces(test.database());

  @AfterEach
  void close() {
    test.close();
  }

  private static TraceRecord seen(Optional<Uid> subject, Optional<Mac> mac, int second) {
    return new TraceRecord(
        AT.plusSeconds(second),
        subject,
        mac,
        Optional.of(Ipv4.parse("10.0.0.1")),
        "dhcp",
        "ignored",
        "not for us",
        Map.of("n", Integer.toString(second)));
  }

  private List<TraceRecord> about(Uid subject, List<Mac> cards, int limit) {
    return await(traces.about(subject, cards, Instant.EPOCH, -1, limit)).stream()
        .map(Traces.Stored::trace)
        .toList();
  }

  private List<TraceRecord> ofCard(int limit) {
    return about(new Uid(new UUID(0, 0)), List.of(MAC), limit);
  }

  @Test
  void isFoundBySubjectAndByCardOnceInTheOrderOfTime() {
    TraceWriter writer = new TraceWriter(test.database(), 100);
    TraceRecord late = seen(Optional.of(SUBJECT), Optional.empty(), 2);
    TraceRecord byCard = seen(Optional.empty(), Optional.of(MAC), 1);
    TraceRecord byBoth = seen(Optional.of(SUBJECT), Optional.of(MAC), 1);
    TraceRecord other = seen(Optional.empty(), Optional.empty(), 3);
    List.of(late, byCard, byBoth, other).forEach(writer::write);
    await(writer.close());
    assertThat(about(SUBJECT, List.of(MAC), 10)).containsExactly(byCard, byBoth, late);
    assertThat(about(SUBJECT, List.of(), 10)).containsExactly(byBoth, late);
    Traces.Stored first =
        await(traces.about(SUBJECT, List.of(MAC), Instant.EPOCH, -1, 1)).getFirst();
    assertThat(await(traces.about(SUBJECT, List.of(MAC), first.trace().at(), first.id(), 10)))
        .extracting(Traces.Stored::trace)
        .containsExactly(byBoth, late);
  }

  @Test
  void aFullQueueDropsAndCounts() {
    TraceWriter writer = new TraceWriter(test.database(), 2);
    synchronized (writer) { // as if its timer were late
      assertThat(writer.write(seen(Optional.empty(), Optional.of(MAC), 1))).isTrue();
      assertThat(writer.write(seen(Optional.empty(), Optional.of(MAC), 2))).isTrue();
      assertThat(writer.write(seen(Optional.empty(), Optional.of(MAC), 3))).isFalse();
    }
    assertThat(writer.dropped()).isEqualTo(1);
    await(writer.close());
    assertThat(ofCard(10)).hasSize(2);
  }

  @Test
  void moreThanABatchIsWrittenWhole() {
    TraceWriter writer = new TraceWriter(test.database(), 5000);
    for (int i = 0; i < 2500; i++) {
      writer.write(seen(Optional.empty(), Optional.of(MAC), i));
    }
    await(writer.close());
    assertThat(ofCard(5000)).hasSize(2500);
  }

  @Test
  void agesByTimeAndByCount() {
    TraceWriter writer = new TraceWriter(test.database(), 5000);
    for (int i = 0; i < 2500; i++) {
      writer.write(seen(Optional.empty(), Optional.of(MAC), i));
    }
    await(writer.close());
    assertThat(await(traces.age(AT.plusSeconds(1200), new Bounds(50, 5000), List.of())))
        .isEqualTo(2450);
    assertThat(ofCard(100))
        .hasSize(50)
        .last()
        .isEqualTo(seen(Optional.empty(), Optional.of(MAC), 2499));
  }

  @Test
  void strangersWithEverNewCardsPushOutTheOldestOnly() {
    TraceWriter writer = new TraceWriter(test.database(), 5000);
    for (int i = 0; i < 2500; i++) { // more than two of the batches that are deleted at once
      writer.write(seen(Optional.of(SUBJECT), Optional.of(new Mac(0x020000000000L + i)), i));
    }
    await(writer.close());
    assertThat(await(traces.age(AT, new Bounds(10, 2501), List.of()))).isZero();
    assertThat(await(traces.age(AT, new Bounds(10, 2500), List.of()))).isZero();
    assertThat(await(traces.age(AT, new Bounds(10, 2499), List.of()))).isEqualTo(1);
    assertThat(await(traces.age(AT, new Bounds(10, 3), List.of()))).isEqualTo(2496);
    assertThat(about(SUBJECT, List.of(), 10))
        .extracting(trace -> trace.detail().get("n"))
        .containsExactly("2497", "2498", "2499");
    assertThat(await(traces.age(AT, new Bounds(10, 0), List.of()))).isEqualTo(3);
  }

  private List<String> numbers(Optional<Uid> subject, Mac mac) {
    return about(subject.orElse(new Uid(new UUID(0, 0))), List.of(mac), 10_000).stream()
        .map(trace -> trace.detail().get("n"))
        .toList();
  }

  @Test
  void strangersPushOutStrangersBeforeAnybodyWhoIsKnown() {
    TraceWriter writer = new TraceWriter(test.database(), 5000);
    Mac stranger = new Mac(0x020000000000L);
    for (int i = 0; i < 4; i++) { // the oldest of all
      writer.write(seen(Optional.empty(), Optional.of(MAC), i));
      writer.write(seen(Optional.of(SUBJECT), Optional.empty(), i));
    }
    for (int i = 4; i < 1254; i++) {
      writer.write(seen(Optional.empty(), Optional.of(stranger), i));
      writer.write(seen(Optional.empty(), Optional.empty(), i));
    }
    await(writer.close());
    Bounds room = new Bounds(5000, 12);
    assertThat(await(traces.age(AT, room, List.of(MAC)))).isEqualTo(2496);
    assertThat(numbers(Optional.empty(), MAC)).containsExactly("0", "1", "2", "3");
    assertThat(numbers(Optional.of(SUBJECT), stranger))
        .containsExactly("0", "1", "2", "3", "1252", "1253");
    // When no stranger is left, the oldest go.
    assertThat(await(traces.age(AT, new Bounds(5000, 3), List.of(MAC)))).isEqualTo(9);
    assertThat(numbers(Optional.of(SUBJECT), MAC)).containsExactly("2", "3", "3");
  }
}
