package io.mammatus.core.planner;

import io.mammatus.core.cloud.Addresses;
import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.log.Event;
import io.mammatus.core.log.InstanceEvent.InstanceHeld;
import io.mammatus.core.log.InstanceEvent.InstancePlaced;
import io.mammatus.core.log.ResourceEvent.ResourceDeleted;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The decisions that nobody has to ask for. A pure function of the cloud: run as often as you like,
 * it says nothing new about a cloud that is as it should be.
 */
public final class Planner {

  private final Cloud cloud;
  private final NodeRooms rooms;
  private final Set<IpAddress> taken = new HashSet<>();
  private final List<Event> events = new ArrayList<>();

  private Planner(Cloud cloud) {
    this.cloud = cloud;
    this.rooms = NodeRooms.of(cloud);
  }

  /**
   * What should happen next: first what goes, because it leaves an address and room to what comes.
   */
  public static List<Event> plan(Cloud cloud) {
    List<Ref> gone =
        cloud.instances().stream()
            .filter(instance -> nobodyHasWhatShouldGo(cloud, instance))
            .map(Resource::ref)
            .toList();
    Cloud left = cloud;
    for (Ref ref : gone) {
      left = left.without(ref);
    }
    Planner planner = new Planner(left);
    gone.forEach(ref -> planner.events.add(new ResourceDeleted(ref, "deleted")));
    left.instances().stream()
        .filter(instance -> instance.status().node() == null)
        .sorted(Comparator.comparing(i -> i.metadata().createdAt()))
        .forEach(planner::place);
    return planner.events;
  }

  /** A deletion that no node has to confirm is done. */
  private static boolean nobodyHasWhatShouldGo(
      Cloud cloud, Resource<InstanceSpec, InstanceStatus> instance) {
    NodeId node = instance.status().node();
    boolean alive =
        node != null
            && cloud.node(node).filter(n -> n.status().phase() != NodePhase.REVOKED).isPresent();
    return instance.metadata().isDeleting() && !alive;
  }

  private void place(Resource<InstanceSpec, InstanceStatus> instance) {
    Placement placement = choose(instance);
    switch (placement) {
      case Placement.On on -> {
        taken.add(on.address());
        rooms.take(on.node(), on.flavor());
        events.add(
            new InstancePlaced(
                new InstanceId(instance.id()), on.node(), macOf(instance.id()), on.address()));
      }
      case Placement.Held held -> hold(instance, held);
    }
  }

  private sealed interface Placement {
    record On(NodeId node, Ipv4 address, FlavorSpec flavor) implements Placement {}

    record Held(String reason, String message) implements Placement {}
  }

  private Placement choose(Resource<InstanceSpec, InstanceStatus> instance) {
    InstanceSpec spec = instance.spec();
    if (find(instance, Kind.IMAGE, spec.image()).isEmpty()) {
      return unknown("image", spec.image());
    }
    for (String key : spec.keys()) {
      if (find(instance, Kind.KEY, key).isEmpty()) {
        return unknown("key", key);
      }
    }
    Optional<FlavorSpec> flavor =
        find(instance, Kind.FLAVOR, spec.flavor())
            .map(r -> r.spec() instanceof FlavorSpec f ? f : null);
    Optional<NetworkSpec> network =
        find(instance, Kind.NETWORK, spec.network())
            .map(r -> r.spec() instanceof NetworkSpec n ? n : null);
    if (flavor.isEmpty()) {
      return unknown("flavor", spec.flavor());
    }
    if (network.isEmpty()) {
      return unknown("network", spec.network());
    }
    Optional<Ipv4> address = Addresses.lowestFree(cloud, network.get().instances(), taken);
    if (address.isEmpty()) {
      return new Placement.Held(
          "no-address",
          "every address for instances of network %s is taken: widen spec.instances"
              .formatted(spec.network()));
    }
    return rooms
        .best(flavor.get())
        .<Placement>map(node -> new Placement.On(node, address.get(), flavor.get()))
        .orElseGet(() -> new Placement.Held("no-room", rooms.explain(flavor.get())));
  }

  private Optional<Resource<?, ?>> find(
      Resource<InstanceSpec, InstanceStatus> instance, Kind kind, String name) {
    return cloud.find(kind, instance.metadata().workspace(), name);
  }

  private static Placement.Held unknown(String kind, String name) {
    return new Placement.Held(
        "unknown-" + kind,
        "there is no %s %s: it is placed as soon as there is".formatted(kind, name));
  }

  private void hold(Resource<InstanceSpec, InstanceStatus> instance, Placement.Held held) {
    boolean said =
        instance.status().conditions().stream()
            .anyMatch(c ->
                c.type().equals("placed")
                    && !c.holds()
                    && c.reason().equals(held.reason())
                    && c.message().equals(held.message()));
    if (!said) {
      events.add(new InstanceHeld(new InstanceId(instance.id()), held.reason(), held.message()));
    }
  }

  /**
   * A locally administered unicast address (IEEE 802, clause 8) made of the instance's id, so that
   * the same instance has the same one wherever it is placed.
   */
  static Mac macOf(Uid id) {
    long mixed = id.value().getMostSignificantBits() ^ id.value().getLeastSignificantBits();
    long low40 = (mixed ^ mixed >>> 40) & 0xff_ffff_ffffL;
    return new Mac(0x02L << 40 | low40);
  }
}
