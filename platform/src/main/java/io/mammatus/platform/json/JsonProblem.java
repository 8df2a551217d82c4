package io.mammatus.platform.json;

/**
 * Why a JSON document was refused.
 *
 * @param path the field, as {@code spec.disks[0].size}; empty for the document itself
 * @param message a sentence for a person
 */
public record JsonProblem(String path, String message) {

  @Override
  public String toString() {
    return path.isEmpty() ? message : path + ": " + message;
  }
}
