package io.mammatus.core.resource;

import java.util.UUID;

/**
 * The identity of a resource, never used again after its deletion. Made where the resource is first
 * asked for.
 */
public record Uid(UUID value) implements Comparable<Uid> {

  /**
   * Reads the canonical form of RFC 9562.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Uid parse(String text) {
    return new Uid(UUID.fromString(text));
  }

  @Override
  public int compareTo(Uid other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
