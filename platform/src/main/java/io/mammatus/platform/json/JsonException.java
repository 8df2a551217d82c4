package io.mammatus.platform.json;

import org.jspecify.annotations.Nullable;

/** A JSON document that cannot be read as the type it should have; carries the reason. */
public final class JsonException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private final transient JsonProblem problem;

  JsonException(JsonProblem problem, @Nullable Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  public JsonProblem problem() {
    return problem;
  }
}
