package io.mammatus.core.planner;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.core.resource.NodeSpec;
import io.mammatus.core.resource.NodeStatus;
import io.mammatus.core.resource.NodeStatus.Capacity;
import io.mammatus.core.resource.Resource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is free on each node while one plan is made. Mutable, and never seen outside of it. */
final class NodeRooms {

  /** Processors are shared: this many may be promised for each one there is. */
  static final int CPU_OVERCOMMIT = 4;

  private record Room(NodeId node, long cpus, long memoryMiB, long diskGiB) {
    boolean fits(FlavorSpec flavor) {
      return cpus >= flavor.cpus()
          && memoryMiB >= flavor.memoryMiB()
          && diskGiB >= flavor.diskGiB();
    }

    Room less(FlavorSpec flavor) {
      return new Room(
          node, cpus - flavor.cpus(), memoryMiB - flavor.memoryMiB(), diskGiB - flavor.diskGiB());
    }
  }

  private final Cloud cloud;
  private final Map<NodeId, Room> open = new HashMap<>();

  private NodeRooms(Cloud cloud) {
    this.cloud = cloud;
  }

  static NodeRooms of(Cloud cloud) {
    NodeRooms rooms = new NodeRooms(cloud);
    for (Resource<NodeSpec, NodeStatus> node : cloud.nodes()) {
      Capacity capacity = node.status().capacity();
      boolean takes =
          node.status().phase() == NodePhase.READY && node.spec().schedulable() && capacity != null;
      if (takes && capacity != null) {
        NodeId id = new NodeId(node.id());
        rooms.open.put(
            id,
            new Room(
                id,
                (long) capacity.cpus() * CPU_OVERCOMMIT,
                capacity.memoryMiB(),
                capacity.diskGiB()));
        cloud.instancesOn(id).forEach(instance -> rooms.count(id, instance));
      }
    }
    return rooms;
  }

  private void count(NodeId node, Resource<InstanceSpec, InstanceStatus> instance) {
    cloud
        .find(Kind.FLAVOR, instance.metadata().workspace(), instance.spec().flavor())
        .ifPresent(r -> take(node, (FlavorSpec) r.spec()));
  }

  void take(NodeId node, FlavorSpec flavor) {
    open.computeIfPresent(node, (id, room) -> room.less(flavor));
  }

  /**
   * The node with most free memory that has room for it; ties by id, so that the plan is the same
   * each time.
   */
  Optional<NodeId> best(FlavorSpec flavor) {
    return open.values().stream()
        .filter(room -> room.fits(flavor))
        .max(
            Comparator.comparingLong(Room::memoryMiB)
                .thenComparing(room -> room.node().uid(), Comparator.reverseOrder()))
        .map(Room::node);
  }

  String explain(FlavorSpec flavor) {
    if (open.isEmpty()) {
      return "no node is ready: accept a machine, or wait for one to come back";
    }
    return "none of the %d ready nodes has %d CPUs, %d MiB of memory and %d GiB of disk free"
        .formatted(open.size(), flavor.cpus(), flavor.memoryMiB(), flavor.diskGiB());
  }
}
