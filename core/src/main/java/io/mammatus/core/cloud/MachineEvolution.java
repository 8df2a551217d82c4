package io.mammatus.core.cloud;

import io.mammatus.core.log.MachineEvent;
import io.mammatus.core.log.MachineEvent.AdmissionRejected;
import io.mammatus.core.log.MachineEvent.AdmissionRequested;
import io.mammatus.core.log.MachineEvent.CardsContested;
import io.mammatus.core.log.MachineEvent.MachineAccepted;
import io.mammatus.core.log.MachineEvent.MachineEnrolled;
import io.mammatus.core.log.MachineEvent.MachineInventoried;
import io.mammatus.core.log.MachineEvent.NicAdded;
import io.mammatus.core.log.MachineEvent.NicMoved;
import io.mammatus.core.log.NodeEvent;
import io.mammatus.core.log.NodeEvent.CapacityReported;
import io.mammatus.core.log.NodeEvent.CertificateIssued;
import io.mammatus.core.log.NodeEvent.NodeConnected;
import io.mammatus.core.log.NodeEvent.NodeConverged;
import io.mammatus.core.log.NodeEvent.NodeDisconnected;
import io.mammatus.core.log.NodeEvent.NodeRevoked;
import io.mammatus.core.machine.MachineIdentity;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Condition;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachinePhase;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.core.resource.NodeSpec;
import io.mammatus.core.resource.NodeStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What the events of machines, and of the nodes that they become, change. */
final class MachineEvolution {

  private MachineEvolution() {}

  static Cloud apply(Evolver evolver, Cloud cloud, MachineEvent event) {
    return switch (event) {
      case MachineEnrolled e -> enrolled(evolver, cloud, e);
      case NicAdded e ->
          machine(evolver, cloud, e.machine(), s -> s.withMacs(union(s.macs(), List.of(e.mac()))));
      case NicMoved e -> {
        Cloud taken = machine(evolver, cloud, e.from(), s -> s.withMacs(minus(s.macs(), e.mac())));
        yield machine(evolver, taken, e.to(), s -> s.withMacs(union(s.macs(), List.of(e.mac()))));
      }
      case CardsContested e -> machine(evolver, cloud, e.machine(), s -> s.with(cards(evolver, e)));
      case AdmissionRequested e -> machine(evolver, cloud, e.machine(), s -> asked(s, e));
      case AdmissionRejected e ->
          machine(evolver, cloud, e.machine(), s -> rejected(s, e.fingerprint()));
      case MachineAccepted e -> accepted(evolver, cloud, e);
      case MachineInventoried e ->
          machine(evolver, cloud, e.machine(), s -> s.withInventory(e.inventory()));
    };
  }

  static Cloud apply(Evolver evolver, Cloud cloud, NodeEvent event) {
    return switch (event) {
      case CertificateIssued e -> cloud;
      case NodeConnected e -> {
        Cloud ready = node(evolver, cloud, e, s -> s.withPhase(NodePhase.READY, e.bootId()));
        yield machine(evolver, ready, e.machine(), s -> s.withPhase(MachinePhase.READY));
      }
      case NodeDisconnected e -> {
        Cloud lost = node(evolver, cloud, e, s -> s.withPhase(NodePhase.LOST, s.bootId()));
        yield machine(evolver, lost, e.machine(), s -> s.withPhase(MachinePhase.LOST));
      }
      case CapacityReported e -> node(evolver, cloud, e, s -> s.withCapacity(e.capacity()));
      case NodeConverged e -> node(evolver, cloud, e, s -> s.withObserved(e.generation()));
      case NodeRevoked e -> {
        Cloud revoked = node(evolver, cloud, e, s -> s.withPhase(NodePhase.REVOKED, s.bootId()));
        yield machine(
            evolver,
            revoked,
            e.machine(),
            s -> s.withNode(null).withPhase(MachinePhase.DISCOVERED));
      }
    };
  }

  private static Condition cards(Evolver evolver, CardsContested e) {
    boolean allItsOwn = e.message().isEmpty();
    String reason = allItsOwn ? "its-own" : "card-of-another";
    return evolver.condition(MachineIdentity.CARDS, allItsOwn, reason, e.message());
  }

  private static Cloud enrolled(Evolver evolver, Cloud cloud, MachineEnrolled e) {
    Cloud known =
        cloud.machine(e.machine()).isPresent()
            ? cloud
            : cloud.with(
                Evolver.made(
                    Kind.MACHINE,
                    Evolver.metadata(evolver.entry(), e.machine().uid(), e.name()),
                    MachineSpec.DISCOVERED,
                    MachineStatus.registered(List.of(e.mac()))));
    return machine(
        evolver,
        known,
        e.machine(),
        s -> s.heard(e.address(), e.network(), e.smbiosUuid(), e.firmware()));
  }

  private static Cloud accepted(Evolver evolver, Cloud cloud, MachineAccepted e) {
    String name = cloud.machine(e.machine()).map(m -> m.name()).orElse(e.node().toString());
    Cloud joined =
        cloud.with(
            Evolver.made(
                Kind.NODE,
                Evolver.metadata(evolver.entry(), e.node().uid(), name),
                new NodeSpec(e.machine(), true),
                NodeStatus.joining(e.fingerprint())));
    Cloud changed =
        machine(
            evolver,
            joined,
            e.machine(),
            s -> s.withPhase(MachinePhase.ACCEPTED).withNode(e.node()).withPending(List.of()));
    return evolver.touch(changed, e.node());
  }

  private static MachineStatus asked(MachineStatus status, AdmissionRequested e) {
    List<String> pending = new ArrayList<>(status.pending());
    pending.add(e.fingerprint());
    // A stranger who asks in the name of a node that is up changes nothing about that node.
    boolean up = status.phase() == MachinePhase.READY || status.phase() == MachinePhase.ACCEPTED;
    MachineStatus asking = status.withPending(pending);
    return up ? asking : asking.withPhase(MachinePhase.WAITING);
  }

  private static MachineStatus rejected(MachineStatus status, String fingerprint) {
    List<String> left = status.pending().stream().filter(key -> !key.equals(fingerprint)).toList();
    MachineStatus changed = status.withPending(left);
    if (!left.isEmpty() || status.phase() != MachinePhase.WAITING) {
      return changed;
    }
    // A node that is away, and was asked for by another key, is still that node.
    return changed.withPhase(status.node() == null ? MachinePhase.DISCOVERED : MachinePhase.LOST);
  }

  private static Cloud machine(
      Evolver evolver, Cloud cloud, MachineId id, UnaryOperator<MachineStatus> change) {
    return evolver.changeStatus(cloud, id.ref(), MachineStatus.class, change);
  }

  private static Cloud node(
      Evolver evolver, Cloud cloud, NodeEvent event, UnaryOperator<NodeStatus> change) {
    return evolver.changeStatus(cloud, event.node().ref(), NodeStatus.class, change);
  }

  static List<Mac> union(List<Mac> some, List<Mac> more) {
    Set<Mac> all = new LinkedHashSet<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  private static List<Mac> minus(List<Mac> some, Mac gone) {
    return some.stream().filter(mac -> !mac.equals(gone)).toList();
  }
}
