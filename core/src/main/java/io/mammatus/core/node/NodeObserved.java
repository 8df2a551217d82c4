package io.mammatus.core.node;

import io.mammatus.core.resource.InstanceId;
import java.util.List;

/**
 * Everything of ours that a node has.
 *
 * @param generation the desired state that this follows from
 * @param converged whether all of it is done
 */
public record NodeObserved(long generation, boolean converged, List<InstanceState> instances) {

  public NodeObserved {
    instances = List.copyOf(instances);
  }

  /** What a container of ours is. */
  public enum State {
    CREATING,
    RUNNING,
    STOPPED,
    FAILED
  }

  /**
   * One container.
   *
   * @param reason a stable code where something is wrong, else empty
   * @param message a sentence for people, else empty
   */
  public record InstanceState(InstanceId id, State state, String reason, String message) {}
}
