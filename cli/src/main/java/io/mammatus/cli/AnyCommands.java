package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** get, apply and delete, for whatever kind. */
final class AnyCommands {

  private AnyCommands() {}

  /** Lists a kind, or shows one. */
  @Command(name = "get", description = "List a kind, or show one of it.")
  static final class Get implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "KIND")
    private @Nullable String kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME")
    private @Nullable String name;

    @Option(names = "--watch", description = "Go on with what changes.")
    private boolean watch;

    Get(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      KindWord word = KindWord.named(Objects.requireNonNull(kind));
      if (name == null) {
        KindCommands.list(session, word, Map.of(), watch);
      } else {
        session.tree(session.api().get(word.path(name)));
      }
      return ExitCode.OK;
    }
  }

  /** Deletes one. */
  @Command(name = "delete", description = "Let one be gone.")
  static final class Delete implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "KIND")
    private @Nullable String kind;

    @Parameters(index = "1", paramLabel = "NAME")
    private @Nullable String name;

    @Mixin private final KindCommands.UntilGone until = new KindCommands.UntilGone();

    Delete(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      KindCommands.delete(
          session,
          KindWord.named(Objects.requireNonNull(kind)),
          Objects.requireNonNull(name),
          until);
      return ExitCode.OK;
    }
  }

  /** Applies descriptions. */
  @Command(
      name = "apply",
      description =
          "Let it be as a file's YAML documents say: kind, metadata (name, labels), spec.")
  static final class Apply implements Callable<Integer> {
    private final Session session;

    @Option(
        names = {"-f", "--file"},
        required = true,
        paramLabel = "FILE",
        description = "- for the standard input.")
    private @Nullable String file;

    Apply(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() throws IOException {
      List<JsonNode> documents = read(Objects.requireNonNull(file));
      documents.forEach(Apply::require); // all of them before the first is applied
      for (JsonNode document : documents) {
        KindWord kind = KindWord.named(document.path("kind").asText());
        String name = document.at("/metadata/name").asText();
        ObjectNode body = KindCommands.body(document.path("spec"));
        if (document.at("/metadata/labels").isObject()) {
          body.putObject("metadata").set("labels", document.at("/metadata/labels"));
        }
        JsonNode applied = session.api().put(kind.path(name), body);
        session.done(
            applied,
            "%s %s has version %s"
                .formatted(kind.singular(), name, applied.at("/metadata/version").asText()));
      }
      return ExitCode.OK;
    }

    private List<JsonNode> read(String from) throws IOException {
      String text =
          from.equals("-")
              ? new String(session.in().readAllBytes(), StandardCharsets.UTF_8)
              : Files.readString(Path.of(from));
      List<JsonNode> documents = new ArrayList<>();
      try (var all = Formats.yaml().readerFor(JsonNode.class).<JsonNode>readValues(text)) {
        while (all.hasNextValue()) {
          JsonNode document = all.nextValue();
          if (document != null && !document.isNull() && !document.isMissingNode()) {
            documents.add(document);
          }
        }
      }
      return documents;
    }

    private static void require(JsonNode document) {
      KindWord.named(document.path("kind").asText());
      if (document.at("/metadata/name").asText().isEmpty() || !document.path("spec").isObject()) {
        throw new CommandFailed(
            ExitCode.USAGE, "a document has kind, metadata with a name, and spec");
      }
    }
  }
}
