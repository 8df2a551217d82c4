package io.mammatus.core.resource;

import java.util.Set;

/** What a machine is. What it is doing right now stands in its events, not here. */
public enum MachinePhase {
  /** An operator described it; nothing was heard of it yet. */
  REGISTERED("An operator described it; nothing was heard of it yet."),
  /** It was heard on the wire and has an address; it boots the node image. */
  DISCOVERED("It was heard on the wire and has an address; it boots the node image."),
  /** Its agent asked to be admitted and holds until a person accepts its key. */
  WAITING("Its agent asked to be admitted and holds until a person accepts its key."),
  /** Its key was accepted; the agent fetches its certificate and joins. */
  ACCEPTED("Its key was accepted; the agent fetches its certificate and joins."),
  /** Its agent holds a connection and converges. */
  READY("Its agent holds a connection and converges."),
  /** It was ready, and its agent's connection is gone. */
  LOST("It was ready, and its agent's connection is gone.");

  private final String sentence;

  MachinePhase(String sentence) {
    this.sentence = sentence;
  }

  public String sentence() {
    return sentence;
  }

  /**
   * Where it may go from here. A node that is replaced, or revoked, leads back to discovered; one
   * that is away while another key asks for it may still come back.
   */
  public Set<MachinePhase> next() {
    return switch (this) {
      case REGISTERED -> Set.of(DISCOVERED, WAITING, ACCEPTED);
      case DISCOVERED -> Set.of(WAITING, ACCEPTED);
      case WAITING -> Set.of(ACCEPTED, DISCOVERED, READY, LOST);
      case ACCEPTED -> Set.of(READY, DISCOVERED);
      case READY -> Set.of(LOST, DISCOVERED);
      case LOST -> Set.of(READY, WAITING, DISCOVERED);
    };
  }
}
