package io.mammatus.cli;

import java.util.stream.Collectors;
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
    throw new CommandLine.ParameterException(spec.commandLine(), "say what to do: " + words());
  }

  private String words() {
    return spec.subcommands().values().stream()
        .map(CommandLine::getCommandName)
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
