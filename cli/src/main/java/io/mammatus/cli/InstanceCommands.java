package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** instance: containers that somebody wants. */
final class InstanceCommands {

  private InstanceCommands() {}

  static CommandLine create(Session session) {
    return KindCommands.addTo(
            Group.of("instance", "Containers that somebody wants."), session, KindWord.INSTANCE)
        .addSubcommand(new Create(session));
  }

  /** Makes an instance. */
  @Command(name = "create", description = "Make an instance.")
  static final class Create implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME")
    private @Nullable String name;

    @Option(names = "--image", required = true, paramLabel = "IMAGE")
    private @Nullable String image;

    @Option(names = "--flavor", required = true, paramLabel = "FLAVOR")
    private @Nullable String flavor;

    @Option(names = "--network", paramLabel = "NETWORK", description = "The only one if not given.")
    private @Nullable String network;

    @Option(
        names = "--ssh-key",
        paramLabel = "NAME|FILE",
        description = "A key of the cloud, or a file with a public key; may be repeated.")
    private List<String> keys = new ArrayList<>();

    @Option(names = "--user-data", paramLabel = "FILE", description = "For cloud-init.")
    private @Nullable Path userData;

    @Option(names = "--wait", description = "Return when it runs.")
    private boolean wait;

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        defaultValue = "600",
        description = "How long to wait; 600 if not given.")
    private int timeout;

    Create(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() throws IOException {
      ObjectNode spec =
          JsonNodeFactory.instance
              .objectNode()
              .put("image", image)
              .put("flavor", flavor)
              .put("network", network == null ? onlyNetwork() : network);
      ArrayNode names = spec.putArray("keys");
      for (String key : keys) {
        names.add(Keys.name(session, key));
      }
      if (userData != null) {
        spec.put("userData", Files.readString(userData));
      }
      JsonNode made =
          session
              .api()
              .put(
                  KindWord.INSTANCE.path(Objects.requireNonNull(name)),
                  KindCommands.body(spec),
                  Map.of("If-None-Match", "*"));
      if (wait) {
        made = Waiting.untilRunning(session, made, Duration.ofSeconds(timeout));
      }
      session.done(
          made,
          wait
              ? "instance %s is running at %s".formatted(name, made.at("/status/address").asText())
              : "instance %s is %s".formatted(name, made.at("/status/phase").asText()));
      return ExitCode.OK;
    }

    private String onlyNetwork() {
      List<JsonNode> networks = session.api().list("networks", Map.of());
      if (networks.size() != 1) {
        throw new CommandFailed(
            ExitCode.USAGE,
            networks.isEmpty()
                ? "there is no network yet: describe one first (mammatus apply -f FILE)"
                : "there are %d networks: say which (--network)".formatted(networks.size()));
      }
      return networks.getFirst().at("/metadata/name").asText();
    }
  }
}
