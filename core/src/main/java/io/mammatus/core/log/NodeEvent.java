package io.mammatus.core.log;

import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodeStatus.Capacity;
import io.mammatus.core.resource.Ref;
import java.time.Instant;
import java.util.List;

/** What happens to nodes. */
public sealed interface NodeEvent extends Event {

  NodeId node();

  @Override
  default List<Ref> subjects() {
    return List.of(node().ref());
  }

  /** The cloud's CA signed its key. */
  record CertificateIssued(NodeId node, MachineId machine, String serial, Instant notAfter)
      implements NodeEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(node.ref(), machine.ref());
    }
  }

  /** Its agent connected with its certificate. */
  record NodeConnected(NodeId node, MachineId machine, String bootId) implements NodeEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(node.ref(), machine.ref());
    }
  }

  /** Its agent's connection ended. */
  record NodeDisconnected(NodeId node, MachineId machine, String reason) implements NodeEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(node.ref(), machine.ref());
    }
  }

  /** It said what instances may use of it. */
  record CapacityReported(NodeId node, Capacity capacity) implements NodeEvent {}

  /** It does what it should, as of this generation. */
  record NodeConverged(NodeId node, long generation) implements NodeEvent {}

  /** Its certificate is void from now on. */
  record NodeRevoked(NodeId node, MachineId machine, String reason) implements NodeEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(node.ref(), machine.ref());
    }
  }
}
