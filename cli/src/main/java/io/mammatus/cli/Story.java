package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells what happened, oldest first, with the time since the first of it. */
final class Story {

  private final Session session;
  private @Nullable Instant first;

  private Story(Session session) {
    this.session = session;
  }

  /**
   * Tells it as the session's output says.
   *
   * @param source gives one item after the other
   */
  static void tell(Session session, Consumer<Consumer<JsonNode>> source) {
    if (session.output() != Session.Output.table) {
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      source.accept(items::add);
      session.tree(items);
      return;
    }
    Story story = new Story(session);
    source.accept(story::say);
    if (story.first == null) {
      session.note("nothing is known of it");
    }
  }

  private void say(JsonNode item) {
    Instant at = Instant.parse(item.path("at").asText());
    Instant start = first == null ? at : first;
    first = start;
    session.say(
        "%9s  %-14s %s"
            .formatted(
                Cells.offset(start, at), item.path("actor").asText(), item.path("text").asText()));
  }
}
