package io.mammatus.store.trace;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.testing.TestDatabase;
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

  private List<TraceRecord> find(Optional<Uid> subject, Optional<Mac> mac, long before, int limit) {
    return await(traces.find(subject, mac, before, limit)).stream()
        .map(Traces.Stored::trace)
        .toList();
  }

  @Test
  void isFoundBySubjectAndByMacNewestFirst() {
    TraceWriter writer = new TraceWriter(test.database(), 100);
    TraceRecord byMac = seen(Optional.empty(), Optional.of(MAC), 1);
    TraceRecord bySubject = seen(Optional.of(SUBJECT), Optional.empty(), 2);
    TraceRecord other = seen(Optional.empty(), Optional.empty(), 3);
    List.of(byMac, bySubject, other).forEach(writer::write);
    await(writer.close());
    assertThat(find(Optional.of(SUBJECT), Optional.of(MAC), Long.MAX_VALUE, 10))
        .containsExactly(bySubject, byMac);
    long newest =
        await(traces.find(Optional.of(SUBJECT), Optional.of(MAC), Long.MAX_VALUE, 1))
            .getFirst()
            .id();
    assertThat(find(Optional.of(SUBJECT), Optional.of(MAC), newest, 10)).containsExactly(byMac);
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
    assertThat(find(Optional.empty(), Optional.of(MAC), Long.MAX_VALUE, 10)).hasSize(2);
  }

  @Test
  void moreThanABatchIsWrittenWhole() {
    TraceWriter writer = new TraceWriter(test.database(), 5000);
    for (int i = 0; i < 2500; i++) {
      writer.write(seen(Optional.empty(), Optional.of(MAC), i));
    }
    await(writer.close());
    assertThat(find(Optional.empty(), Optional.of(MAC), Long.MAX_VALUE, 5000)).hasSize(2500);
  }

  @Test
  void agesByTimeAndByCount() {
    TraceWriter writer = new TraceWriter(test.database(), 5000);
    for (int i = 0; i < 2500; i++) {
      writer.write(seen(Optional.empty(), Optional.of(MAC), i));
    }
    await(writer.close());
    assertThat(await(traces.age(AT.plusSeconds(1200), 50))).isEqualTo(2450);
    assertThat(find(Optional.empty(), Optional.of(MAC), Long.MAX_VALUE, 100))
        .hasSize(50)
        .first()
        .isEqualTo(seen(Optional.empty(), Optional.of(MAC), 2499));
  }
}
