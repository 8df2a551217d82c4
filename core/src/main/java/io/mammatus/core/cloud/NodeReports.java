package io.mammatus.core.cloud;

import static io.mammatus.core.cloud.Decision.accept;
import static io.mammatus.core.cloud.Decision.nothing;
import static io.mammatus.core.cloud.Decision.refuse;

import io.mammatus.core.cloud.Command.Connect;
import io.mammatus.core.cloud.Command.Disconnect;
import io.mammatus.core.cloud.Command.RecordCertificate;
import io.mammatus.core.cloud.Command.ReportInventory;
import io.mammatus.core.cloud.Command.ReportObserved;
import io.mammatus.core.cloud.Command.RevokeNode;
import io.mammatus.core.log.Event;
import io.mammatus.core.log.InstanceEvent.InstanceObserved;
import io.mammatus.core.log.MachineEvent.MachineInventoried;
import io.mammatus.core.log.NodeEvent.CapacityReported;
import io.mammatus.core.log.NodeEvent.CertificateIssued;
import io.mammatus.core.log.NodeEvent.NodeConnected;
import io.mammatus.core.log.NodeEvent.NodeConverged;
import io.mammatus.core.log.NodeEvent.NodeDisconnected;
import io.mammatus.core.log.NodeEvent.NodeRevoked;
import io.mammatus.core.log.ResourceEvent.ResourceDeleted;
import io.mammatus.core.machine.MachineIdentity;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.node.NodeObserved.InstanceState;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.core.resource.NodeSpec;
import io.mammatus.core.resource.NodeStatus;
import io.mammatus.core.resource.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What nodes report, and what follows from it. */
final class NodeReports {

  private NodeReports() {}

  static Decision certificate(Cloud cloud, RecordCertificate c) {
    return live(cloud, c.node())
        .map(node ->
            accept(
                new CertificateIssued(c.node(), node.spec().machine(), c.serial(), c.notAfter())))
        .orElseGet(NodeReports::unknown);
  }

  static Decision connect(Cloud cloud, Connect c) {
    return live(cloud, c.node())
        .map(node ->
            node.status().phase() == NodePhase.READY && c.bootId().equals(node.status().bootId())
                ? nothing()
                : accept(new NodeConnected(c.node(), node.spec().machine(), c.bootId())))
        .orElseGet(NodeReports::unknown);
  }

  static Decision disconnect(Cloud cloud, Disconnect c) {
    return live(cloud, c.node())
        .filter(node -> node.status().phase() == NodePhase.READY)
        .filter(node -> c.bootId().equals(node.status().bootId()))
        .map(node -> accept(new NodeDisconnected(c.node(), node.spec().machine(), c.reason())))
        .orElseGet(Decision::nothing);
  }

  static Decision revoke(Cloud cloud, RevokeNode c) {
    Optional<Resource<?, ?>> found = cloud.find(Kind.NODE, Metadata.DEFAULT_WORKSPACE, c.name());
    if (found.isEmpty()) {
      return refuse(Failure.notFound("there is no node " + c.name()));
    }
    NodeId id = new NodeId(found.get().id());
    return live(cloud, id)
        .<Decision>map(node -> {
          List<Event> events = new ArrayList<>();
          events.add(new NodeRevoked(id, node.spec().machine(), c.reason()));
          events.addAll(lose(cloud, id, "node-revoked"));
          return new Decision.Accepted(events);
        })
        .orElseGet(Decision::nothing);
  }

  /** What becomes of the instances of a node that never comes back. */
  static List<Event> lose(Cloud cloud, NodeId node, String reason) {
    List<Event> events = new ArrayList<>();
    for (Resource<InstanceSpec, InstanceStatus> instance : cloud.instancesOn(node)) {
      InstanceId id = new InstanceId(instance.id());
      events.add(
          instance.metadata().isDeleting()
              ? new ResourceDeleted(instance.ref(), reason)
              : new InstanceObserved(
                  id,
                  InstancePhase.LOST,
                  reason,
                  "the node that held it is gone, and its disk with it"));
    }
    return events;
  }

  static Decision inventory(Cloud cloud, ReportInventory c) {
    Optional<Resource<NodeSpec, NodeStatus>> found = live(cloud, c.node());
    if (found.isEmpty()) {
      return unknown();
    }
    MachineId machine = found.get().spec().machine();
    List<Event> events = new ArrayList<>();
    boolean known =
        cloud.machine(machine).map(m -> c.inventory().equals(m.status().inventory())).orElse(true);
    if (!known) {
      events.add(new MachineInventoried(machine, c.inventory()));
    }
    events.addAll(MachineIdentity.joinCards(cloud, machine, c.inventory()));
    if (!c.capacity().equals(found.get().status().capacity())) {
      events.add(new CapacityReported(c.node(), c.capacity()));
    }
    return new Decision.Accepted(events);
  }

  static Decision observed(Cloud cloud, ReportObserved c) {
    Optional<Resource<NodeSpec, NodeStatus>> found = live(cloud, c.node());
    if (found.isEmpty()) {
      return unknown();
    }
    NodeStatus node = found.get().status();
    NodeObserved observed = c.observed();
    if (observed.generation() > node.desiredGeneration()) {
      return refuse(notTold(observed.generation(), node.desiredGeneration()));
    }
    Map<InstanceId, InstanceState> there = new HashMap<>();
    observed.instances().forEach(state -> there.put(state.id(), state));
    boolean current = observed.generation() == node.desiredGeneration();
    List<Event> events = new ArrayList<>();
    for (Resource<InstanceSpec, InstanceStatus> instance : cloud.instancesOn(c.node())) {
      InstanceState state = there.get(new InstanceId(instance.id()));
      Event event = state == null ? absent(instance, current) : present(instance, state);
      if (event != null) {
        events.add(event);
      }
    }
    if (observed.converged() && observed.generation() > node.observedGeneration()) {
      events.add(new NodeConverged(c.node(), observed.generation()));
    }
    return new Decision.Accepted(events);
  }

  /**
   * Nobody was told of what is to come. Were it taken, the node would pass for converged on every
   * change up to there, and what it lacks for lost.
   */
  private static Failure notTold(long generation, long desired) {
    return Failure.invalid(
        "generation",
        "generation %d was never asked of this node: the last one is %d"
            .formatted(generation, desired));
  }

  /** The node does not have it. That means something only if the node knew what it should have. */
  private static @Nullable Event absent(
      Resource<InstanceSpec, InstanceStatus> instance, boolean current) {
    if (!current) {
      return null;
    }
    if (instance.metadata().isDeleting()) {
      return new ResourceDeleted(instance.ref(), "deleted");
    }
    boolean wasThere =
        instance.status().created() && instance.status().phase() != InstancePhase.LOST;
    return wasThere
        ? new InstanceObserved(
            new InstanceId(instance.id()),
            InstancePhase.LOST,
            "not-on-node",
            "its node does not have it any more: delete it, and create it again")
        : null;
  }

  private static @Nullable Event present(
      Resource<InstanceSpec, InstanceStatus> instance, InstanceState state) {
    InstancePhase phase =
        switch (state.state()) {
          case CREATING -> InstancePhase.STARTING;
          case RUNNING -> InstancePhase.RUNNING;
          case STOPPED -> InstancePhase.STOPPED;
          case FAILED -> InstancePhase.FAILED;
        };
    InstanceStatus status = instance.status();
    boolean same =
        status.phase() == phase
            && (status.created()
                || phase == InstancePhase.STARTING
                || phase == InstancePhase.FAILED)
            && status.conditions().stream()
                .filter(condition -> condition.type().equals("running"))
                .map(c -> c.reason().equals(state.reason()) && c.message().equals(state.message()))
                .findFirst()
                .orElse(phase == InstancePhase.STARTING);
    return same || status.phase() == InstancePhase.DELETING
        ? null
        : new InstanceObserved(
            new InstanceId(instance.id()), phase, state.reason(), state.message());
  }

  /** A node that is known and not revoked. */
  private static Optional<Resource<NodeSpec, NodeStatus>> live(Cloud cloud, NodeId id) {
    return cloud.node(id).filter(node -> node.status().phase() != NodePhase.REVOKED);
  }

  private static Decision unknown() {
    return refuse(Failure.forbidden("this node is not known, or its certificate was revoked"));
  }
}
