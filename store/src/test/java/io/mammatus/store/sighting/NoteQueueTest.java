package io.mammatus.store.sighting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Mac;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class NoteQueueTest {

  private static final Mac FIRST = new Mac(0x525400000001L);
  private static final Mac SECOND = new Mac(0x525400000002L);

  private static Sightings.Note note(Mac mac) {
    return new Sightings.Note(
        new Sighting(mac, "br0", null, null, null), Optional.empty(), Instant.EPOCH);
  }

  /** Were it waited for for ever, no card would be enrolled until the next start. */
  @Test
  void aDatabaseThatSaysNothingDoesNotStopWhatComesLater() throws Exception {
    Queue<Future<Set<Mac>>> answers =
        new ArrayDeque<>(
            List.of(Promise.<Set<Mac>>promise().future(), Future.succeededFuture(Set.of(SECOND))));
    NoteQueue queue = new NoteQueue(batch -> answers.remove(), 10, Duration.ofMillis(50));
    Future<Boolean> lost = queue.add(note(FIRST));
    Future<Boolean> kept = queue.add(note(SECOND));
    assertThat(kept.await(10, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> lost.await(10, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
  }
}
