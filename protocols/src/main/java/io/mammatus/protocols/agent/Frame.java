package io.mammatus.protocols.agent;

import java.util.Arrays;
import java.util.Objects;

/**
 * One frame.
 *
 * @param id ties an answer to its request
 * @param operation what is asked; empty in an answer
 * @param body JSON in UTF-8
 */
public record Frame(Kind kind, int id, String operation, byte[] body) {

  /** What a frame is. */
  public enum Kind {
    REQUEST(1),
    OK(2),
    FAILED(3);

    final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frame frame
        && kind == frame.kind
        && id == frame.id
        && operation.equals(frame.operation)
        && Arrays.equals(body, frame.body);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, id, operation, Arrays.hashCode(body));
  }

  @Override
  public String toString() {
    return kind + " " + id + " " + operation + " (" + body.length + " bytes)";
  }
}
