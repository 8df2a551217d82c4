package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.cli.client.ApiClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** list, get, why and delete: the same for every kind. */
final class KindCommands {

  private KindCommands() {}

  /** Adds the four to a kind's command. */
  static CommandLine addTo(CommandLine command, Session session, KindWord kind) {
    return command
        .addSubcommand(new ListCommand(session, kind))
        .addSubcommand(new GetCommand(session, kind))
        .addSubcommand(new WhyCommand(session, kind))
        .addSubcommand(new DeleteCommand(session, kind));
  }

  static void list(Session session, KindWord kind, Map<String, String> query, boolean watch) {
    ApiClient.Listing listing = session.api().listing(kind.plural(), query);
    if (session.output() != Session.Output.table) {
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      listing.items().forEach(items::add);
      session.tree(items);
    }
    Table table = new Table(kind.headings());
    Set<String> shown = new HashSet<>();
    for (JsonNode item : listing.items()) {
      table.add(kind.row(item, session));
      shown.add(item.at("/metadata/id").asText());
    }
    if (session.output() == Session.Output.table) {
      table.lines().forEach(session::say);
    }
    if (watch) {
      session
          .api()
          .watch(
              kind.plural(),
              query,
              listing.position(),
              event -> {
                changed(session, kind, table, shown, event);
                return true;
              });
    }
  }

  private static void changed(
      Session session, KindWord kind, Table table, Set<String> shown, ApiClient.LogEvent event) {
    JsonNode resource = event.data().path("resource");
    String id = event.data().path("id").asText();
    if (session.output() != Session.Output.table) {
      session.tree(event.data());
    } else if (resource.isObject()) {
      shown.add(id);
      session.say(table.line(kind.row(resource, session)));
    } else if (shown.remove(id)) { // of the others, nobody was told that they are there
      boolean left = event.data().has("matches");
      session.say(id + (left ? "   (no longer matches)" : "   (gone)"));
    }
  }

  /** Lists a kind. */
  @Command(name = "list", aliases = "ls", description = "List them.")
  static final class ListCommand implements Callable<Integer> {
    private final Session session;
    private final KindWord kind;

    @Option(names = "--watch", description = "Go on with what changes.")
    private boolean watch;

    @Option(names = "--phase", paramLabel = "PHASE", description = "Only those in this phase.")
    private @Nullable String phase;

    @Option(
        names = {"-l", "--label"},
        paramLabel = "K=V",
        description = "Only those with this label; may be repeated.")
    private List<String> labels = new ArrayList<>();

    ListCommand(Session session, KindWord kind) {
      this.session = session;
      this.kind = kind;
    }

    @Override
    public Integer call() {
      Map<String, String> query = new HashMap<>();
      if (phase != null) {
        query.put("phase", phase);
      }
      if (!labels.isEmpty()) {
        query.put("label", String.join(",", labels));
      }
      list(session, kind, query, watch);
      return ExitCode.OK;
    }
  }

  /** Shows one resource. */
  @Command(name = "get", description = "Show one, with all that is known of it.")
  static final class GetCommand implements Callable<Integer> {
    private final Session session;
    private final KindWord kind;

    @Parameters(paramLabel = "NAME")
    private @Nullable String name;

    GetCommand(Session session, KindWord kind) {
      this.session = session;
      this.kind = kind;
    }

    @Override
    public Integer call() {
      session.tree(session.api().get(kind.path(Objects.requireNonNull(name))));
      return ExitCode.OK;
    }
  }

  /** Tells a resource's story. */
  @Command(name = "why", description = "Tell why it is as it is: what happened, oldest first.")
  static final class WhyCommand implements Callable<Integer> {
    private final Session session;
    private final KindWord kind;

    @Parameters(paramLabel = "NAME")
    private @Nullable String name;

    @Option(names = "--id", paramLabel = "ID", description = "By id, for one that is gone.")
    private @Nullable String id;

    WhyCommand(Session session, KindWord kind) {
      this.session = session;
      this.kind = kind;
    }

    @Override
    public Integer call() {
      String wanted = Objects.requireNonNull(name);
      kind.path(wanted); // refuses what can be no name
      Story.tell(session, item -> session.api().why(kind.plural(), wanted, id, item));
      return ExitCode.OK;
    }
  }

  /** Deletes a resource. */
  @Command(name = "delete", aliases = "rm", description = "Let it be gone.")
  static final class DeleteCommand implements Callable<Integer> {
    private final Session session;
    private final KindWord kind;

    @Parameters(paramLabel = "NAME")
    private @Nullable String name;

    @Mixin private final UntilGone until = new UntilGone();

    DeleteCommand(Session session, KindWord kind) {
      this.session = session;
      this.kind = kind;
    }

    @Override
    public Integer call() {
      delete(session, kind, Objects.requireNonNull(name), until);
      return ExitCode.OK;
    }
  }

  /** Whether to wait for it, and how long. */
  static final class UntilGone {
    @Option(names = "--wait", description = "Return when it is gone.")
    private boolean wait;

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        defaultValue = "600",
        description = "How long to wait; 600 if not given.")
    private int timeout;
  }

  static void delete(Session session, KindWord kind, String name, UntilGone until) {
    JsonNode left = session.api().delete(kind.path(name));
    if (!left.isObject()) {
      session.say("%s %s is gone".formatted(kind.singular(), name));
      return;
    }
    session.done(left, "%s %s is being deleted".formatted(kind.singular(), name));
    if (until.wait) {
      Waiting.untilGone(session, kind, left, Duration.ofSeconds(until.timeout));
      session.say("%s %s is gone".formatted(kind.singular(), name));
    }
  }

  /** A body for PUT. */
  static ObjectNode body(JsonNode spec) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("spec", spec);
    return body;
  }
}
