package io.mammatus.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The API refused: the status and the problem document (RFC 9457). */
public final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private final int status;
  private final transient JsonNode problem;

  ApiException(int status, JsonNode problem) {
    super(problem.path("detail").asText("the API answered with status " + status));
    this.status = status;
    this.problem = problem;
  }

  public int status() {
    return status;
  }

  /** The whole problem document. */
  public JsonNode problem() {
    return problem;
  }

  /** Each field that is wrong, as {@code spec.cpus: why}. */
  public List<String> fieldErrors() {
    List<String> errors = new ArrayList<>();
    for (JsonNode error : problem.path("errors")) {
      errors.add(error.path("field").asText() + ": " + error.path("message").asText());
    }
    return errors;
  }
}
