package io.mammatus.core.resource;

/** What an instance is. */
public enum InstancePhase {
  /** Wanted, and on no node yet; the condition {@code placed} says why. */
  PENDING,
  /** A node has been told to run it. */
  STARTING,
  /** Its node reports it running. */
  RUNNING,
  /** Its node reports it there but not running. */
  STOPPED,
  /** Its node could not make or start it, and says why. */
  FAILED,
  /** Its node does not have it any more; what it held is gone. */
  LOST,
  /** Its deletion was asked for and its node has not confirmed it yet. */
  DELETING
}
