package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** machine and node: who comes in and who goes out. */
final class MachineCommands {

  private MachineCommands() {}

  static CommandLine create(Session session) {
    CommandLine group = Group.of("machine", "Machines: heard on the wire, accepted, ready.");
    return KindCommands.addTo(group, session, KindWord.MACHINE)
        .addSubcommand(new Accept(session))
        .addSubcommand(new Reject(session))
        .addSubcommand(new Register(session))
        .addSubcommand(new Boot(session));
  }

  static CommandLine nodes(Session session) {
    return KindCommands.addTo(
            Group.of("node", "Nodes: machines that were accepted."), session, KindWord.NODE)
        .addSubcommand(new Revoke(session));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Lets a machine in. */
  @Command(name = "accept", description = "Let a machine in whose console shows this fingerprint.")
  static final class Accept implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME")
    private @Nullable String name;

    @Option(
        names = "--fingerprint",
        paramLabel = "sha256:HEX",
        description = "The key that the machine shows on its own console.")
    private @Nullable String fingerprint;

    Accept(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      ObjectNode body = object();
      if (fingerprint != null) {
        body.put("fingerprint", fingerprint);
      }
      JsonNode machine =
          session.api().post(KindWord.MACHINE.path(Objects.requireNonNull(name)) + "/accept", body);
      session.done(
          machine, "machine %s is %s".formatted(name, machine.at("/status/phase").asText()));
      return ExitCode.OK;
    }
  }

  /** Turns a key down. */
  @Command(name = "reject", description = "Turn down one key that asks for a machine.")
  static final class Reject implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME")
    private @Nullable String name;

    @Option(names = "--fingerprint", required = true, paramLabel = "sha256:HEX")
    private @Nullable String fingerprint;

    Reject(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      JsonNode machine =
          session
              .api()
              .post(
                  KindWord.MACHINE.path(Objects.requireNonNull(name)) + "/reject",
                  object().put("fingerprint", fingerprint));
      session.done(machine, "the key was turned down for machine " + name);
      return ExitCode.OK;
    }
  }

  /** Describes a machine before it is heard. */
  @Command(
      name = "register",
      description =
          "Describe a machine beforehand; with a fingerprint it is let in without asking.")
  static final class Register implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME")
    private @Nullable String name;

    @Option(names = "--mac", required = true, paramLabel = "MAC", description = "May be repeated.")
    private List<String> macs = new ArrayList<>();

    @Option(names = "--fingerprint", paramLabel = "sha256:HEX")
    private @Nullable String fingerprint;

    Register(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      ObjectNode spec = object();
      ArrayNode list = spec.putArray("macs");
      macs.forEach(list::add);
      if (fingerprint != null) {
        spec.put("fingerprint", fingerprint);
      }
      JsonNode machine =
          session
              .api()
              .put(
                  KindWord.MACHINE.path(Objects.requireNonNull(name)),
                  KindCommands.body(spec),
                  Map.of("If-None-Match", "*"));
      session.done(machine, "machine %s is registered".formatted(name));
      return ExitCode.OK;
    }
  }

  /** Says what a machine boots. */
  @Command(
      name = "boot",
      description = {
        "What a machine's firmware is given at its next start: image, the node image, or disk, its"
            + " own disk.",
        "A machine that runs is not restarted by this."
      })
  static final class Boot implements Callable<Integer> {
    private final Session session;

    /** As the API spells it. */
    enum From {
      image,
      disk
    }

    @Parameters(paramLabel = "NAME")
    private @Nullable String name;

    @Parameters(paramLabel = "image|disk")
    private @Nullable From from;

    Boot(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      String word = Objects.requireNonNull(from).name();
      ObjectNode body = object();
      body.putObject("spec").put("boot", word);
      JsonNode machine =
          session.api().patch(KindWord.MACHINE.path(Objects.requireNonNull(name)), body);
      session.done(machine, "machine %s boots its %s from now on".formatted(name, word));
      return ExitCode.OK;
    }
  }

  /** Takes a node's certificate away. */
  @Command(
      name = "revoke",
      description = "Take a node's certificate away, for good; what it holds is lost.")
  static final class Revoke implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME")
    private @Nullable String name;

    @Option(
        names = "--reason",
        defaultValue = "revoked by an operator",
        paramLabel = "TEXT",
        description = "What the log says of it.")
    private @Nullable String reason;

    Revoke(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      JsonNode node =
          session
              .api()
              .post(
                  KindWord.NODE.path(Objects.requireNonNull(name)) + "/revoke",
                  object().put("reason", reason));
      session.done(node, "node %s is revoked".formatted(name));
      return ExitCode.OK;
    }
  }
}
