package io.mammatus.core.resource;

/** What a node is. */
public enum NodePhase {
  /** Accepted; its agent has not connected yet. */
  JOINING,
  /** Its agent is connected. */
  READY,
  /** Its agent was connected and is not now. */
  LOST,
  /** Its certificate was revoked; it is never let in again. */
  REVOKED
}
