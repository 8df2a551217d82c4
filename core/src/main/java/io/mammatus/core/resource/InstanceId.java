package io.mammatus.core.resource;

import java.util.UUID;

/** The identity of a instance. */
public record InstanceId(Uid uid) {

  /**
   * Reads the canonical form of RFC 9562.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static InstanceId parse(String text) {
    return new InstanceId(new Uid(UUID.fromString(text)));
  }

  public Ref ref() {
    return new Ref(Kind.INSTANCE, uid);
  }

  @Override
  public String toString() {
    return uid.toString();
  }
}
