package io.mammatus.core.cloud;

import io.mammatus.core.log.Event;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.planner.DesiredState;
import io.mammatus.core.planner.Planner;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.ImageSpec;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodeStatus.Capacity;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Spec;
import io.mammatus.core.resource.Uid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A cloud to which anything may happen, in any order; the seed says what. */
final class RandomHistory {

  private final Random random;
  private Cloud cloud = Cloud.EMPTY;
  private long nextId = 1;

  RandomHistory(long seed) {
    this.random = new Random(seed);
  }

  Cloud cloud() {
    return cloud;
  }

  /** One entry and the cloud before and after it. */
  interface Watcher {
    void happened(Cloud before, LogEntry entry, Cloud after);
  }

  /** Decides some command, sensible or not, and applies what follows from it. */
  void step(Watcher watcher) {
    if (Decider.decide(cloud, command()) instanceof Decision.Accepted(List<Event> events)) {
      happen(events, watcher);
    }
  }

  /** Lets the planner speak. */
  void plan(Watcher watcher) {
    happen(Planner.plan(cloud), watcher);
  }

  private void happen(List<Event> events, Watcher watcher) {
    for (Event event : events) {
      long position = cloud.position() + 1;
      LogEntry entry =
          new LogEntry(
              position, Instant.ofEpochSecond(position), "test", "test", "0".repeat(32), event);
      Cloud before = cloud;
      cloud = Evolver.evolve(before, entry);
      watcher.happened(before, entry, cloud);
    }
  }

  private Command command() {
    return switch (random.nextInt(20)) {
      case 0 -> apply(Kind.NETWORK, "lab", Scenario.network(machines()));
      case 1 -> apply(Kind.IMAGE, "debian-12", image());
      case 2 -> apply(Kind.FLAVOR, "small", new FlavorSpec(1, 256L << random.nextInt(3), 2));
      case 3 -> apply(Kind.MACHINE, "machine-" + (1 + random.nextInt(4)), machine());
      case 4, 5, 6 -> apply(Kind.INSTANCE, "web-" + random.nextInt(6), instance());
      case 7 -> delete();
      case 8, 9 -> new Command.Enrol(new MachineId(id()), new Sighting(mac(), "br0", null, null));
      case 10, 11 -> new Command.RequestAdmission(mac(), key(), from(), new NodeId(id()));
      case 12 -> accept();
      case 13 -> new Command.RejectKey("machine-" + (1 + random.nextInt(4)), key());
      case 14 ->
          random.nextInt(4) == 0
              ? new Command.RevokeNode("machine-" + (1 + random.nextInt(4)), "test")
              : new Command.RecordCertificate(node(), "1", Instant.EPOCH);
      case 15 -> new Command.Connect(node(), "boot-" + random.nextInt(3));
      case 16 ->
          random.nextBoolean()
              ? new Command.Disconnect(node(), "boot-" + random.nextInt(3), "test")
              : new Command.ReportInventory(
                  node(),
                  Scenario.inventory(mac(), mac()),
                  new Capacity(2, 512L << random.nextInt(3), 20, true));
      case 17 -> goes();
      case 18 -> rejectOneThatAsks();
      default -> new Command.ReportObserved(node(), observed());
    };
  }

  private Command apply(Kind kind, String name, Spec spec) {
    return new Command.Apply(kind, id(), Metadata.DEFAULT_WORKSPACE, name, Map.of(), spec, null);
  }

  private Command delete() {
    List<Resource<?, ?>> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      all.addAll(cloud.list(kind));
    }
    Resource<?, ?> victim = pick(all);
    return victim == null
        ? new Command.Delete(Kind.KEY, Metadata.DEFAULT_WORKSPACE, "none", null)
        : new Command.Delete(victim.kind(), victim.metadata().workspace(), victim.name(), null);
  }

  private Command accept() {
    boolean byName = random.nextBoolean();
    return new Command.AcceptMachine(
        "machine-" + (1 + random.nextInt(4)), byName ? null : key(), byName, new NodeId(id()));
  }

  private Command goes() {
    NodeId node = node();
    String bootId = cloud.node(node).map(n -> n.status().bootId()).orElse("boot-0");
    return new Command.Disconnect(node, bootId, "test");
  }

  private Command rejectOneThatAsks() {
    Resource<MachineSpec, MachineStatus> machine = pick(cloud.machines());
    return machine == null || machine.status().pending().isEmpty()
        ? new Command.RejectKey("machine-1", key())
        : new Command.RejectKey(machine.name(), machine.status().pending().getFirst());
  }

  private NodeObserved observed() {
    NodeId node = node();
    long generation =
        DesiredState.of(cloud, node).map(NodeDesired::generation).orElse(0L) - random.nextInt(2);
    List<NodeObserved.InstanceState> states = new ArrayList<>();
    for (var instance : cloud.instances()) {
      if (random.nextBoolean()) {
        NodeObserved.State[] all = NodeObserved.State.values();
        states.add(
            new NodeObserved.InstanceState(
                new InstanceId(instance.id()), all[random.nextInt(all.length)], "", ""));
      }
    }
    return new NodeObserved(generation, random.nextBoolean(), states);
  }

  private InstanceSpec instance() {
    return new InstanceSpec("debian-12", "small", "lab", List.of(), null);
  }

  private MachineSpec machine() {
    return new MachineSpec(
        random.nextBoolean() ? List.of(mac()) : List.of(),
        random.nextBoolean() ? key() : null,
        null);
  }

  private ImageSpec image() {
    Blob blob = new Blob("0".repeat(64), 1);
    return new ImageSpec(
        Integer.toString(random.nextInt(2)), Map.of("rootfs", blob, "metadata", blob));
  }

  private String machines() {
    return random.nextBoolean() ? "10.88.0.10-10.88.0.12" : "10.88.0.10-10.88.0.13";
  }

  private Mac mac() {
    return new Mac(0x525400000000L + random.nextInt(6));
  }

  private String key() {
    return "sha256:" + "abc".substring(random.nextInt(3)).substring(0, 1).repeat(64);
  }

  private IpAddress from() {
    return Ipv4.parse("10.88.0.10").plus(random.nextInt(4));
  }

  private NodeId node() {
    Resource<?, ?> one = pick(cloud.list(Kind.NODE));
    return new NodeId(one == null ? id() : one.id());
  }

  private Uid id() {
    return new Uid(new UUID(0, nextId++));
  }

  private <T> @Nullable T pick(List<T> some) {
    return some.isEmpty() ? null : some.get(random.nextInt(some.size()));
  }
}
