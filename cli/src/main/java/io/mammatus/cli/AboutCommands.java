package io.mammatus.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What concerns the program itself. */
final class AboutCommands {

  private AboutCommands() {}

  /** The version. */
  @Command(name = "version", description = "Show this program's version.")
  static final class Version implements Callable<Integer> {
    private final Session session;

    Version(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      String version = Main.class.getPackage().getImplementationVersion();
      session.say("mammatus " + (version == null ? "(not packaged)" : version));
      return ExitCode.OK;
    }
  }

  /** The completion. */
  @Command(
      name = "completion",
      description = "Print what a shell needs: source <(mammatus completion bash)")
  static final class Completion implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "bash")
    private @Nullable String shell;

    Completion(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      if (!Objects.requireNonNull(shell).equals("bash")) {
        throw new CommandFailed(ExitCode.USAGE, "only bash is known here");
      }
      session.say(AutoComplete.bash("mammatus", Main.root(session, "completion")));
      return ExitCode.OK;
    }
  }
}
