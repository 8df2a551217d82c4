package io.mammatus.cli;

import io.mammatus.cli.client.ApiException;
import io.mammatus.cli.client.UnreachableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command line of a cloud. Only the command that is asked for is made; all of them for help and
 * completion.
 */
public final class Main {

  private static final Map<String, BiFunction<Session, String, CommandLine>> COMMANDS =
      new LinkedHashMap<>();

  static {
    COMMANDS.put("login", (session, name) -> new CommandLine(new LoginCommand(session)));
    COMMANDS.put("machine", (session, name) -> MachineCommands.create(session));
    COMMANDS.put("node", (session, name) -> MachineCommands.nodes(session));
    COMMANDS.put("instance", (session, name) -> InstanceCommands.create(session));
    COMMANDS.put("image", (session, name) -> ImageCommands.create(session));
    COMMANDS.put("flavor", (session, name) -> SmallCommands.flavors(session));
    COMMANDS.put("key", (session, name) -> SmallCommands.keys(session));
    COMMANDS.put("network", (session, name) -> SmallCommands.networks(session));
    COMMANDS.put("dhcp", (session, name) -> DhcpCommands.create(session));
    COMMANDS.put("get", (s, name) -> new CommandLine(new AnyCommands.Get(s)));
    COMMANDS.put("apply", (s, name) -> new CommandLine(new AnyCommands.Apply(s)));
    COMMANDS.put("delete", (s, name) -> new CommandLine(new AnyCommands.Delete(s)));
    COMMANDS.put("events", (s, name) -> new CommandLine(new EventsCommand(s)));
    COMMANDS.put("version", (s, name) -> new CommandLine(new AboutCommands.Version(s)));
    COMMANDS.put("completion", (s, name) -> new CommandLine(new AboutCommands.Completion(s)));
  }

  private Main() {}

  public static void main(String[] arguments) {
    int code = run(arguments);
    System.out.flush();
    Runtime.getRuntime().exit(code);
  }

  /** Whether the first word belongs to the command line, and not to the services. */
  public static boolean knows(String word) {
    return COMMANDS.containsKey(word)
        || word.equals("help")
        || word.equals("--help")
        || word.equals("-h");
  }

  /** Runs a command on this process's streams, and answers its exit code. */
  public static int run(String... arguments) {
    return run(
        System.getenv(),
        System.in,
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        arguments);
  }

  /** The same with everything it touches given. */
  public static int run(
      Map<String, String> environment,
      InputStream in,
      PrintWriter out,
      PrintWriter err,
      String... given) {
    String[] arguments = asked(given);
    try (Session session = new Session(environment, in, out, err)) {
      CommandLine root = root(session, arguments[0]);
      root.setOut(out).setErr(err);
      root.setCaseInsensitiveEnumValuesAllowed(true);
      root.setExecutionExceptionHandler((e, command, parsed) -> failed(e, err));
      root.setParameterExceptionHandler((e, words) -> {
        err.println("mammatus: " + e.getMessage());
        err.println("see: " + e.getCommandLine().getCommandSpec().qualifiedName(" ") + " --help");
        return ExitCode.USAGE;
      });
      return root.execute(arguments);
    }
  }

  /** {@code help machine} is {@code machine --help}. */
  private static String[] asked(String[] given) {
    if (given.length > 0 && !given[0].equals("help")) {
      return given;
    }
    List<String> words =
        new ArrayList<>(List.of(given).subList(Math.min(1, given.length), given.length));
    words.add("--help");
    return words.toArray(String[]::new);
  }

  static CommandLine root(Session session, String first) {
    CommandLine root = new CommandLine(new Root(session));
    COMMANDS.forEach((name, make) -> {
      boolean all = !COMMANDS.containsKey(first) || first.equals("completion");
      if (all || name.equals(first)) {
        root.addSubcommand(name, make.apply(session, name));
      }
    });
    return root;
  }

  private static int failed(Exception e, PrintWriter err) {
    switch (e) {
      case CommandFailed failed -> {
        err.println("mammatus: " + failed.getMessage());
        return failed.exitCode();
      }
      case ApiException refused -> {
        err.println("mammatus: " + refused.getMessage());
        if (refused.fieldErrors().size() > 1) {
          refused.fieldErrors().forEach(line -> err.println("  " + line));
        }
        return ExitCode.of(refused);
      }
      case UnreachableException away -> {
        err.println("mammatus: " + away.getMessage());
        return ExitCode.UNAVAILABLE;
      }
      case IOException io -> {
        err.println("mammatus: " + io.getMessage());
        return ExitCode.FAILED;
      }
      case UncheckedIOException io -> {
        err.println("mammatus: " + io.getMessage());
        return ExitCode.FAILED;
      }
      default -> {
        err.println("mammatus: this is a fault of the program: " + e);
        return ExitCode.FAILED;
      }
    }
  }

  /** The command above all commands. */
  @Command(
      name = "mammatus",
      description = "Talk to a cloud.",
      mixinStandardHelpOptions = false,
      footerHeading = "%nExit codes:%n",
      footer = {
        "  0  done",
        "  1  failed",
        "  2  the command line is wrong",
        "  3  there is no such thing",
        "  4  it cannot be done as things are, or it has changed meanwhile",
        "  5  the cloud cannot be reached, or cannot do it at the moment",
        "",
        "The login is kept in ~/.config/mammatus/cloud.yaml; XDG_CONFIG_HOME moves the folder, MAMMATUS_CONFIG "
            + "names the file."
      })
  static final class Root implements Runnable {
    private final Session session;

    @CommandLine.Spec private CommandSpec spec;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        scope = ScopeType.INHERIT,
        description = "Show this help.")
    private boolean help;

    @SuppressWarnings("NullAway.Init") // picocli sets it
    Root(Session session) {
      this.session = session;
    }

    @Option(
        names = {"-o", "--output"},
        scope = ScopeType.INHERIT,
        paramLabel = "FORM",
        description = "table, json or yaml.")
    void setOutput(Session.Output output) {
      session.setOutput(output);
    }

    @Override
    public void run() {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }
}
