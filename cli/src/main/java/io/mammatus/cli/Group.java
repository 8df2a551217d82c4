package io.mammatus.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** A command that only holds others. */
@CommandLine.Command
final class Group implements Runnable {

  @CommandLine.Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Group() {}

  static CommandLine of(String name, String description) {
    CommandLine command = new CommandLine(new Group());
    command.getCommandSpec().name(name).usageMessage().description(description);
    return command;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }
}
