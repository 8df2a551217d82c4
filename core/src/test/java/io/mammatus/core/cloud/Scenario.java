package io.mammatus.core.cloud;

import io.mammatus.core.cloud.Command.Apply;
import io.mammatus.core.log.Event;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.planner.Planner;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.ImageSpec;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodeSpec;
import io.mammatus.core.resource.NodeStatus;
import io.mammatus.core.resource.NodeStatus.Capacity;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Spec;
import io.mammatus.core.resource.Uid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A cloud that a test takes through a story. Ids and instants are counted, so that each run is the
 * same.
 */
public final class Scenario {

  public static final Mac MAC_A = Mac.parse("52:54:00:00:00:0a");
  public static final Mac MAC_B = Mac.parse("52:54:00:00:00:0b");
  public static final String KEY_A = "sha256:" + "a".repeat(64);
  public static final String KEY_B = "sha256:" + "b".repeat(64);

  private Cloud cloud = Cloud.EMPTY;
  private final List<LogEntry> log = new ArrayList<>();
  private long nextId = 1;

  /** With one network on {@code br0}, room for three machines and three instances. */
  public static Scenario withNetwork() {
    Scenario scenario = new Scenario();
    scenario.apply(Kind.NETWORK, "lab", network("10.88.0.10-10.88.0.12"));
    return scenario;
  }

  public static NetworkSpec network(String machines) {
    return new NetworkSpec(
        Cidr.parse("10.88.0.0/24"),
        "br0",
        Ipv4.parse("10.88.0.1"),
        Ipv4.parse("10.88.0.1"),
        AddressRange.parse(machines),
        AddressRange.parse("10.88.0.100-10.88.0.102"),
        List.of(),
        "lab",
        Duration.ofHours(1));
  }

  public Cloud cloud() {
    return cloud;
  }

  public List<LogEntry> log() {
    return log;
  }

  public Uid newId() {
    return new Uid(new UUID(0, nextId++));
  }

  /** Decides and applies; fails the test if it is refused. */
  public List<Event> does(Command command) {
    return switch (Decider.decide(cloud, command)) {
      case Decision.Accepted(List<Event> events) -> happen(events);
      case Decision.Refused(Failure failure) -> throw new AssertionError(failure.toString());
    };
  }

  /** Decides; fails the test if it is not refused. */
  public Failure refuses(Command command) {
    return switch (Decider.decide(cloud, command)) {
      case Decision.Accepted accepted -> throw new AssertionError("accepted: " + accepted);
      case Decision.Refused(Failure failure) -> failure;
    };
  }

  /** Lets the planner speak once. */
  public List<Event> plan() {
    return happen(Planner.plan(cloud));
  }

  private List<Event> happen(List<Event> events) {
    for (Event event : events) {
      LogEntry entry =
          new LogEntry(
              cloud.position() + 1,
              Instant.ofEpochSecond(cloud.position() + 1),
              "test",
              "test",
              "0".repeat(32),
              event);
      log.add(entry);
      cloud = Evolver.evolve(cloud, entry);
    }
    return events;
  }

  public List<Event> apply(Kind kind, String name, Spec spec) {
    return does(applying(kind, name, spec, null));
  }

  public Apply applying(Kind kind, String name, Spec spec, @Nullable Long version) {
    return new Apply(kind, newId(), Metadata.DEFAULT_WORKSPACE, name, Map.of(), spec, version);
  }

  public MachineId hears(Mac mac) {
    return hears(mac, null);
  }

  public MachineId hears(Mac mac, @Nullable String uuid) {
    does(new Command.Enrol(new MachineId(newId()), new Sighting(mac, "br0", uuid, "bios")));
    return new MachineId(cloud.owner(mac).orElseThrow().id());
  }

  public Command.RequestAdmission asking(Mac mac, String key) {
    IpAddress from =
        cloud
            .owner(mac)
            .flatMap(ref -> cloud.machine(new MachineId(ref.id())))
            .map(m -> m.status().address())
            .orElse(Ipv4.parse("10.88.0.250"));
    return new Command.RequestAdmission(mac, key, from, new NodeId(newId()));
  }

  /** Hears, asks, accepts, connects: a node with this much room. */
  public NodeId joins(Mac mac, String key, long memoryMiB) {
    hears(mac);
    does(asking(mac, key));
    String name = machine(mac).name();
    does(new Command.AcceptMachine(name, key, false, new NodeId(newId())));
    NodeId node = nodeOf(mac);
    does(new Command.Connect(node, "boot-1"));
    does(new Command.ReportInventory(node, inventory(mac), new Capacity(2, memoryMiB, 20, true)));
    return node;
  }

  public NodeId nodeOf(Mac mac) {
    NodeId node = machine(mac).status().node();
    if (node == null) {
      throw new AssertionError("the machine is no node");
    }
    return node;
  }

  public Resource<MachineSpec, MachineStatus> machine(Mac mac) {
    return cloud.machine(new MachineId(cloud.owner(mac).orElseThrow().id())).orElseThrow();
  }

  public Resource<NodeSpec, NodeStatus> node(NodeId id) {
    return cloud.node(id).orElseThrow();
  }

  public static Inventory inventory(Mac... macs) {
    List<Inventory.Nic> nics = new ArrayList<>();
    for (Mac mac : macs) {
      nics.add(new Inventory.Nic("eth" + nics.size(), mac, true, nics.isEmpty()));
    }
    return new Inventory("cpu", 2, 2048, "bios", null, null, null, null, List.of(), nics);
  }

  /** The image, flavor and key that {@link #creates} uses. */
  public void stocks() {
    Blob blob = new Blob("0".repeat(64), 1);
    apply(Kind.IMAGE, "debian-12", new ImageSpec("1", Map.of("rootfs", blob, "metadata", blob)));
    apply(Kind.FLAVOR, "small", new FlavorSpec(1, 256, 2));
  }

  public InstanceId creates(String name) {
    apply(Kind.INSTANCE, name, new InstanceSpec("debian-12", "small", "lab", List.of(), null));
    return new InstanceId(
        cloud.find(Kind.INSTANCE, Metadata.DEFAULT_WORKSPACE, name).orElseThrow().id());
  }

  public InstanceStatus status(InstanceId id) {
    return cloud.instance(id).orElseThrow().status();
  }

  /** The node reports these instances running, and nothing else, at its current generation. */
  public List<Event> reports(NodeId node, InstanceId... running) {
    List<NodeObserved.InstanceState> states = new ArrayList<>();
    for (InstanceId id : running) {
      states.add(new NodeObserved.InstanceState(id, NodeObserved.State.RUNNING, "", ""));
    }
    return does(
        new Command.ReportObserved(
            node, new NodeObserved(node(node).status().desiredGeneration(), true, states)));
  }
}
