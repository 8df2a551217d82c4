package io.mammatus.platform.config;

/**
 * Something that is never printed, logged or written as JSON.
 *
 * <p>In a configuration file either the secret itself, or {@code {file: PATH}}: the first line of a
 * file, which may lie beside the configuration file.
 *
 * @param reveal the secret itself
 */
public record Secret(String reveal) {

  /** Takes the text as the secret. */
  public static Secret parse(String text) {
    return new Secret(text);
  }

  @Override
  public String toString() {
    return "***";
  }
}
