package io.mammatus.core.resource;

import java.util.UUID;

/** The identity of a network. */
public record NetworkId(Uid uid) {

  /**
   * Reads the canonical form of RFC 9562.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static NetworkId parse(String text) {
    return new NetworkId(new Uid(UUID.fromString(text)));
  }

  public Ref ref() {
    return new Ref(Kind.NETWORK, uid);
  }

  @Override
  public String toString() {
    return uid.toString();
  }
}
