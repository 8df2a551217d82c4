package io.mammatus.core.resource;

import java.util.UUID;

/** The identity of a machine. */
public record MachineId(Uid uid) {

  /**
   * Reads the canonical form of RFC 9562.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static MachineId parse(String text) {
    return new MachineId(new Uid(UUID.fromString(text)));
  }

  public Ref ref() {
    return new Ref(Kind.MACHINE, uid);
  }

  @Override
  public String toString() {
    return uid.toString();
  }
}
