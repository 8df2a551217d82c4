package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Waits by watching, not by asking again and again. */
final class Waiting {

  private static final Set<String> ENDED_BADLY = Set.of("failed", "lost");

  private Waiting() {}

  /** Until an instance runs; fails with the reason if it never will. */
  static JsonNode untilRunning(Session session, JsonNode instance, Duration limit) {
    AtomicReference<JsonNode> last = new AtomicReference<>(instance);
    AtomicReference<String> told = new AtomicReference<>("");
    Instant end = Instant.now().plus(limit);
    follow(
        session,
        KindWord.INSTANCE,
        instance,
        event -> {
          JsonNode now = event.path("resource");
          last.set(now);
          String reason = Cells.reason(now);
          if (!reason.isEmpty() && !reason.equals(told.getAndSet(reason))) {
            session.note(reason);
          }
          String phase = now.at("/status/phase").asText();
          return now.isObject()
              && !phase.equals("running")
              && !ENDED_BADLY.contains(phase)
              && Instant.now().isBefore(end);
        });
    JsonNode now = last.get();
    if (!now.at("/status/phase").asText().equals("running")) {
      throw new CommandFailed(
          ExitCode.FAILED,
          now.isObject()
              ? "it is %s: %s".formatted(now.at("/status/phase").asText(), Cells.reason(now))
              : "it was deleted meanwhile");
    }
    return now;
  }

  static void untilGone(Session session, KindWord kind, JsonNode resource) {
    follow(session, kind, resource, event -> event.path("resource").isObject());
  }

  /** From the version that is known on; each event of this resource goes to {@code goOn}. */
  private static void follow(
      Session session,
      KindWord kind,
      JsonNode resource,
      java.util.function.Predicate<JsonNode> goOn) {
    String id = resource.at("/metadata/id").asText();
    session
        .api()
        .watch(
            kind.plural(),
            Map.of(),
            resource.at("/metadata/version").asLong() - 1,
            event -> !event.data().path("id").asText().equals(id) || goOn.test(event.data()));
  }
}
