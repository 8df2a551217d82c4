package io.mammatus.core.resource;

import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an instance.
 *
 * @param node where it is placed
 * @param mac its network card's address, chosen by the planner
 * @param address its address, chosen by the planner
 * @param created whether its node ever reported having it: it is then never made a second time
 */
public record InstanceStatus(
    InstancePhase phase,
    @Nullable NodeId node,
    @Nullable Mac mac,
    @Nullable IpAddress address,
    boolean created,
    List<Condition> conditions)
    implements Status {

  public InstanceStatus {
    conditions = List.copyOf(conditions);
  }

  public static InstanceStatus pending() {
    return new InstanceStatus(InstancePhase.PENDING, null, null, null, false, List.of());
  }

  public InstanceStatus withPhase(InstancePhase changed) {
    return new InstanceStatus(changed, node, mac, address, created, conditions);
  }

  public InstanceStatus placed(NodeId newNode, Mac newMac, IpAddress newAddress) {
    return new InstanceStatus(
        InstancePhase.STARTING, newNode, newMac, newAddress, created, conditions);
  }

  public InstanceStatus asCreated() {
    return new InstanceStatus(phase, node, mac, address, true, conditions);
  }

  /** Replaces the condition of the same type. */
  public InstanceStatus with(Condition condition) {
    List<Condition> changed = new ArrayList<>(conditions);
    changed.removeIf(c -> c.type().equals(condition.type()));
    changed.add(condition);
    return new InstanceStatus(phase, node, mac, address, created, changed);
  }
}
