package io.mammatus.core.resource;

/**
 * A file known by its content.
 *
 * @param sha256 64 lower-case hexadecimal digits
 * @param bytes its length
 */
public record Blob(String sha256, long bytes) {

  public Blob {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("sha256: not 64 lower-case hexadecimal digits");
    }
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: a length is not negative");
    }
  }
}
