package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** Waits by watching, not by asking again and again. */
final class Waiting {

  private static final Set<String> ENDED_BADLY = Set.of("failed", "lost");

  private Waiting() {}

  /** Until an instance runs; fails with the reason if it never will, or not in time. */
  static JsonNode untilRunning(Session session, JsonNode instance, Duration limit) {
    AtomicReference<JsonNode> last = new AtomicReference<>(instance);
    AtomicReference<String> told = new AtomicReference<>("");
    boolean inTime =
        follow(
            session,
            KindWord.INSTANCE,
            instance,
            limit,
            event -> {
              JsonNode now = event.path("resource");
              last.set(now);
              String reason = Cells.reason(now);
              if (!reason.isEmpty() && !reason.equals(told.getAndSet(reason))) {
                session.note(reason);
              }
              String phase = now.at("/status/phase").asText();
              return now.isObject() && !phase.equals("running") && !ENDED_BADLY.contains(phase);
            });
    JsonNode now = last.get();
    if (!inTime) {
      throw late(limit, now);
    } else if (!now.at("/status/phase").asText().equals("running")) {
      throw new CommandFailed(
          ExitCode.FAILED, now.isObject() ? "it is " + state(now) : "it was deleted meanwhile");
    }
    return now;
  }

  /** Until it is gone; fails with the reason why it is still there if it is not in time. */
  static void untilGone(Session session, KindWord kind, JsonNode resource, Duration limit) {
    AtomicReference<JsonNode> last = new AtomicReference<>(resource);
    boolean inTime =
        follow(
            session,
            kind,
            resource,
            limit,
            event -> {
              last.set(event.path("resource"));
              return last.get().isObject();
            });
    if (!inTime) {
      throw late(limit, last.get());
    }
  }

  private static CommandFailed late(Duration limit, JsonNode resource) {
    return new CommandFailed(
        ExitCode.FAILED, "after %d s it is still %s".formatted(limit.toSeconds(), state(resource)));
  }

  /** Its phase, and what its conditions say. */
  private static String state(JsonNode resource) {
    String reason = Cells.reason(resource);
    return resource.at("/status/phase").asText() + (reason.isEmpty() ? "" : ": " + reason);
  }

  /**
   * From the version that is known on; each event of this resource goes to {@code goOn}.
   *
   * @return false if the time is over
   */
  private static boolean follow(
      Session session, KindWord kind, JsonNode resource, Duration limit, Predicate<JsonNode> goOn) {
    String id = resource.at("/metadata/id").asText();
    return session
        .api()
        .watch(
            kind.plural(),
            Map.of(),
            resource.at("/metadata/version").asLong() - 1,
            limit,
            event -> !event.data().path("id").asText().equals(id) || goOn.test(event.data()));
  }
}
