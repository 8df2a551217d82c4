package io.mammatus.platform.config;

import java.util.List;
import java.util.stream.Collectors;

/** All that is wrong with a configuration file, in the order of its lines. */
public final class ConfigProblems extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private final transient List<ConfigProblem> problems;

  ConfigProblems(String origin, List<ConfigProblem> problems) {
    super(
        origin
            + " cannot be used:\n"
            + problems.stream().map(p -> "  " + p).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<ConfigProblem> problems() {
    return problems;
  }
}
