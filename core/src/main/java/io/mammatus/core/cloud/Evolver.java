package io.mammatus.core.cloud;

import io.mammatus.core.log.Event;
import io.mammatus.core.log.InstanceEvent;
import io.mammatus.core.log.InstanceEvent.InstanceHeld;
import io.mammatus.core.log.InstanceEvent.InstanceObserved;
import io.mammatus.core.log.InstanceEvent.InstancePlaced;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.log.MachineEvent;
import io.mammatus.core.log.NodeEvent;
import io.mammatus.core.log.ResourceEvent;
import io.mammatus.core.log.ResourceEvent.DeletionRequested;
import io.mammatus.core.log.ResourceEvent.ResourceDeleted;
import io.mammatus.core.log.ResourceEvent.SpecApplied;
import io.mammatus.core.resource.AvailableStatus;
import io.mammatus.core.resource.Condition;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.ImageSpec;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.KeySpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodeSpec;
import io.mammatus.core.resource.NodeStatus;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Spec;
import io.mammatus.core.resource.Status;
import io.mammatus.core.resource.Uid;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Applies events to the cloud. A pure function of both: every process that follows the log arrives
 * at the same cloud.
 *
 * <p>An event about a resource that is gone changes nothing: facts never fail.
 */
public final class Evolver {

  private final LogEntry entry;

  private Evolver(LogEntry entry) {
    this.entry = entry;
  }

  /** The cloud after this entry. */
  public static Cloud evolve(Cloud cloud, LogEntry entry) {
    Cloud changed = new Evolver(entry).apply(cloud, entry.event());
    return changed.at(entry.position());
  }

  private Cloud apply(Cloud cloud, Event event) {
    return switch (event) {
      case ResourceEvent e -> resource(cloud, e);
      case MachineEvent e -> MachineEvolution.apply(this, cloud, e);
      case NodeEvent e -> MachineEvolution.apply(this, cloud, e);
      case InstanceEvent e -> instance(cloud, e);
    };
  }

  private Cloud resource(Cloud cloud, ResourceEvent event) {
    return switch (event) {
      case SpecApplied e -> applied(cloud, e);
      case DeletionRequested e -> deletionRequested(cloud, e.ref());
      case ResourceDeleted e ->
          touchAllIfImage(touchHome(cloud, e.ref()).without(e.ref()), e.ref().kind());
    };
  }

  private Cloud applied(Cloud cloud, SpecApplied e) {
    Ref ref = new Ref(e.kind(), e.id());
    Resource<?, ?> old = cloud.find(ref).orElse(null);
    if (old == null) {
      return touchAllIfImage(
          cloud.with(made(e.kind(), fresh(e), e.spec(), initialStatus(e.spec()))), e.kind());
    }
    Status status =
        e.spec() instanceof MachineSpec spec && old.status() instanceof MachineStatus machine
            ? machine.withMacs(MachineEvolution.union(machine.macs(), spec.macs()))
            : old.status();
    Metadata metadata = old.metadata().withLabels(e.labels()).withVersion(entry.position());
    Cloud changed = cloud.with(made(e.kind(), metadata, e.spec(), status));
    return touchAllIfImage(touchHome(changed, ref), e.kind());
  }

  private Metadata fresh(SpecApplied e) {
    return new Metadata(
        e.id(), e.name(), e.workspace(), e.labels(), entry.position(), entry.at(), null);
  }

  private static Status initialStatus(Spec spec) {
    return switch (spec) {
      case MachineSpec machine -> MachineStatus.registered(machine.macs());
      case InstanceSpec instance -> InstanceStatus.pending();
      case NodeSpec node -> NodeStatus.joining("");
      case NetworkSpec n -> AvailableStatus.AVAILABLE;
      case ImageSpec i -> AvailableStatus.AVAILABLE;
      case FlavorSpec f -> AvailableStatus.AVAILABLE;
      case KeySpec k -> AvailableStatus.AVAILABLE;
    };
  }

  private Cloud deletionRequested(Cloud cloud, Ref ref) {
    Cloud marked =
        change(
            cloud,
            ref,
            resource -> {
              Resource<?, ?> dying =
                  resource.withMetadata(resource.metadata().deleting(entry.at()));
              return dying.status() instanceof InstanceStatus status
                  ? made(
                      ref.kind(),
                      dying.metadata(),
                      dying.spec(),
                      status.withPhase(InstancePhase.DELETING))
                  : dying;
            });
    return touchHome(marked, ref);
  }

  private Cloud instance(Cloud cloud, InstanceEvent event) {
    Ref ref = event.instance().ref();
    Cloud changed = changeStatus(cloud, ref, InstanceStatus.class, s -> observed(s, event));
    return event instanceof InstancePlaced || becameCreated(cloud, changed, event)
        ? touchHome(changed, ref)
        : changed;
  }

  private static boolean becameCreated(Cloud before, Cloud after, InstanceEvent event) {
    return !created(before, event).equals(created(after, event));
  }

  private static Optional<Boolean> created(Cloud cloud, InstanceEvent event) {
    return cloud.instance(event.instance()).map(i -> i.status().created());
  }

  private InstanceStatus observed(InstanceStatus status, InstanceEvent event) {
    return switch (event) {
      case InstancePlaced e ->
          status
              .placed(e.node(), e.mac(), e.address())
              .with(condition("placed", true, "placed", ""));
      case InstanceHeld e -> status.with(condition("placed", false, e.reason(), e.message()));
      case InstanceObserved e -> {
        boolean there = e.phase() == InstancePhase.RUNNING || e.phase() == InstancePhase.STOPPED;
        InstancePhase phase =
            status.phase() == InstancePhase.DELETING ? InstancePhase.DELETING : e.phase();
        InstanceStatus next =
            status
                .withPhase(phase)
                .with(
                    condition(
                        "running", e.phase() == InstancePhase.RUNNING, e.reason(), e.message()));
        yield there ? next.asCreated() : next;
      }
    };
  }

  Condition condition(String type, boolean holds, String reason, String message) {
    return new Condition(type, holds, reason, message, entry.at());
  }

  /** Marks that the node which holds this instance has something new to do. */
  private Cloud touchHome(Cloud cloud, Ref ref) {
    if (ref.kind() != Kind.INSTANCE) {
      return cloud;
    }
    NodeId home =
        cloud
            .find(ref)
            .map(r -> r.status() instanceof InstanceStatus s ? s.node() : null)
            .orElse(null);
    return home == null ? cloud : touch(cloud, home);
  }

  private Cloud touchAllIfImage(Cloud cloud, Kind kind) {
    Cloud changed = cloud;
    if (kind == Kind.IMAGE) {
      for (Resource<NodeSpec, NodeStatus> node : cloud.nodes()) {
        changed = touch(changed, new NodeId(node.id()));
      }
    }
    return changed;
  }

  Cloud touch(Cloud cloud, NodeId node) {
    return changeStatus(cloud, node.ref(), NodeStatus.class, s -> s.withDesired(entry.position()));
  }

  LogEntry entry() {
    return entry;
  }

  /** Changes the resource if it is there, and gives it this entry's position as version. */
  Cloud change(Cloud cloud, Ref ref, UnaryOperator<Resource<?, ?>> change) {
    return cloud
        .find(ref)
        .map(change)
        .map(r -> cloud.with(r.withMetadata(r.metadata().withVersion(entry.position()))))
        .orElse(cloud);
  }

  <T extends Status> Cloud changeStatus(
      Cloud cloud, Ref ref, Class<T> type, UnaryOperator<T> change) {
    return change(
        cloud,
        ref,
        r -> made(r.kind(), r.metadata(), r.spec(), change.apply(type.cast(r.status()))));
  }

  static Resource<?, ?> made(Kind kind, Metadata metadata, Spec spec, @Nullable Status status) {
    if (status == null) {
      throw new IllegalArgumentException("a resource has a status");
    }
    return new Resource<>(kind, metadata, spec, status);
  }

  static Metadata metadata(LogEntry entry, Uid id, String name) {
    return new Metadata(
        id, name, Metadata.DEFAULT_WORKSPACE, Map.of(), entry.position(), entry.at(), null);
  }
}
