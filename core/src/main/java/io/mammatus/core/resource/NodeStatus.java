package io.mammatus.core.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a node.
 *
 * @param fingerprint of the key that was accepted, {@code sha256:HEX}
 * @param bootId the kernel's boot id at its last connection: a new one means that it was restarted
 * @param capacity what instances may use in all; absent until the agent reported it
 * @param desiredGeneration log position of the last change of what it should do
 * @param observedGeneration the generation that it last said it had converged on
 */
public record NodeStatus(
    NodePhase phase,
    String fingerprint,
    @Nullable String bootId,
    @Nullable Capacity capacity,
    long desiredGeneration,
    long observedGeneration,
    List<Condition> conditions)
    implements Status {

  public NodeStatus {
    conditions = List.copyOf(conditions);
  }

  public static NodeStatus joining(String fingerprint) {
    return new NodeStatus(NodePhase.JOINING, fingerprint, null, null, 0, 0, List.of());
  }

  public NodeStatus withPhase(NodePhase changed, @Nullable String newBootId) {
    return new NodeStatus(
        changed,
        fingerprint,
        newBootId,
        capacity,
        desiredGeneration,
        observedGeneration,
        conditions);
  }

  public NodeStatus withCapacity(Capacity changed) {
    return new NodeStatus(
        phase, fingerprint, bootId, changed, desiredGeneration, observedGeneration, conditions);
  }

  public NodeStatus withDesired(long generation) {
    return new NodeStatus(
        phase, fingerprint, bootId, capacity, generation, observedGeneration, conditions);
  }

  public NodeStatus withObserved(long generation) {
    return new NodeStatus(
        phase, fingerprint, bootId, capacity, desiredGeneration, generation, conditions);
  }

  /**
   * What instances may use in all.
   *
   * @param cpus processors
   * @param memoryMiB memory beyond what the node itself needs, in MiB
   * @param diskGiB room on the state disk, in GiB; 0 when the node has none
   * @param stateDisk whether what it holds survives a power cycle
   */
  public record Capacity(int cpus, long memoryMiB, long diskGiB, boolean stateDisk) {}
}
