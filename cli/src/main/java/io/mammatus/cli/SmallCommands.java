package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** flavor, key and network. */
final class SmallCommands {

  private SmallCommands() {}

  static CommandLine flavors(Session session) {
    return KindCommands.addTo(
            Group.of("flavor", "How large instances may be."), session, KindWord.FLAVOR)
        .addSubcommand(new CreateFlavor(session));
  }

  static CommandLine keys(Session session) {
    return KindCommands.addTo(Group.of("key", "Public SSH keys."), session, KindWord.KEY)
        .addSubcommand(new AddKey(session));
  }

  static CommandLine networks(Session session) {
    return KindCommands.addTo(
        Group.of("network", "Networks of machines and instances."), session, KindWord.NETWORK);
  }

  /**
   * A size with its unit, such as {@code 512M}, {@code 2G} or {@code 2GiB}.
   *
   * @param shift of the unit that is wanted, and of a number without one: 20 for MiB, 30 for GiB
   */
  static long size(String text, int shift) {
    Matcher size =
        Pattern.compile("([0-9]{1,9})(?:([MGT])(?:i?B)?)?", Pattern.CASE_INSENSITIVE).matcher(text);
    if (!size.matches()) {
      throw new CommandFailed(ExitCode.USAGE, text + " is no size: write it like 512M or 2G");
    }
    long number = Long.parseLong(size.group(1));
    String unit = size.group(2) == null ? "" : size.group(2).toUpperCase(Locale.ROOT);
    int given =
        switch (unit) {
          case "M" -> 20;
          case "G" -> 30;
          case "T" -> 40;
          default -> shift;
        };
    if (given < shift && number % (1L << (shift - given)) != 0) {
      throw new CommandFailed(ExitCode.USAGE, text + " is not a whole number of GiB");
    }
    return given >= shift ? number << (given - shift) : number >> (shift - given);
  }

  /** Makes a flavor. */
  @Command(name = "create", description = "Make a flavor, or change it.")
  static final class CreateFlavor implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME")
    private @Nullable String name;

    @Option(names = "--cpus", required = true, paramLabel = "N")
    private int cpus;

    @Option(names = "--memory", required = true, paramLabel = "SIZE", description = "Like 512M.")
    private @Nullable String memory;

    @Option(names = "--disk", required = true, paramLabel = "SIZE", description = "Like 10G.")
    private @Nullable String disk;

    CreateFlavor(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      ObjectNode spec =
          JsonNodeFactory.instance
              .objectNode()
              .put("cpus", cpus)
              .put("memoryMiB", size(Objects.requireNonNull(memory), 20))
              .put("diskGiB", size(Objects.requireNonNull(disk), 30));
      JsonNode flavor =
          session
              .api()
              .put(KindWord.FLAVOR.path(Objects.requireNonNull(name)), KindCommands.body(spec));
      session.done(flavor, "flavor %s is there".formatted(name));
      return ExitCode.OK;
    }
  }

  /** Adds a key. */
  @Command(name = "add", description = "Add a public key from a file.")
  static final class AddKey implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "NAME")
    private @Nullable String name;

    @Parameters(index = "1", paramLabel = "FILE")
    private @Nullable Path file;

    AddKey(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() throws IOException {
      String line = Keys.read(Objects.requireNonNull(file));
      JsonNode key =
          session
              .api()
              .put(
                  KindWord.KEY.path(Objects.requireNonNull(name)),
                  KindCommands.body(JsonNodeFactory.instance.objectNode().put("publicKey", line)));
      session.done(key, "key %s is there".formatted(name));
      return ExitCode.OK;
    }
  }
}
