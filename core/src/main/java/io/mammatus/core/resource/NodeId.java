package io.mammatus.core.resource;

import java.util.UUID;

/** The identity of a node. */
public record NodeId(Uid uid) {

  /**
   * Reads the canonical form of RFC 9562.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static NodeId parse(String text) {
    return new NodeId(new Uid(UUID.fromString(text)));
  }

  public Ref ref() {
    return new Ref(Kind.NODE, uid);
  }

  @Override
  public String toString() {
    return uid.toString();
  }
}
