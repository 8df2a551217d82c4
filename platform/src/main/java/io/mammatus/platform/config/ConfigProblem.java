package io.mammatus.platform.config;

/**
 * One thing to correct in a configuration file.
 *
 * @param key the path of keys, as {@code dhcp.networks[1].cidr}; empty for the file itself
 * @param line counted from 1; the place where a missing key belongs is its section's line
 * @param message what is wrong and what to do
 */
public record ConfigProblem(String key, int line, String message) {

  @Override
  public String toString() {
    return "line " + line + ": " + (key.isEmpty() ? "" : key + ": ") + message;
  }
}
