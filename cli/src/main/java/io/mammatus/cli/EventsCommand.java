package io.mammatus.cli;

import io.mammatus.cli.client.ApiClient;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The log. */
@Command(name = "events", description = "Show what happened, and with --watch what happens.")
final class EventsCommand implements Callable<Integer> {

  private final Session session;

  @Option(names = "--watch", description = "Go on with what happens.")
  private boolean watch;

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      description = "Begin after this; from the first if not given, with --watch from now.")
  private @Nullable Long after;

  EventsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ApiClient api = session.api();
    long head = api.listing("networks", Map.of()).position();
    long from = after == null ? (watch ? head : 0) : after;
    if (watch || from != head) { // beyond the head, the API says what that means
      api.events(
          from,
          event -> {
            show(event);
            return watch || event.position() < head;
          });
    }
    return ExitCode.OK;
  }

  private void show(ApiClient.LogEvent event) {
    if (session.output() == Session.Output.table) {
      session.say(
          "%6d  %s  %-14s %-18s %s"
              .formatted(
                  event.position(),
                  event.data().path("at").asText(),
                  event.data().path("actor").asText(),
                  event.type(),
                  event.data().path("text").asText()));
    } else {
      session.tree(event.data());
    }
  }
}
