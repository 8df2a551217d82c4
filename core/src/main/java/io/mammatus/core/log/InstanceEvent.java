package io.mammatus.core.log;

import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Ref;
import java.util.List;

/** What happens to instances. */
public sealed interface InstanceEvent extends Event {

  InstanceId instance();

  @Override
  default List<Ref> subjects() {
    return List.of(instance().ref());
  }

  /** The planner chose its node and its addresses. */
  record InstancePlaced(InstanceId instance, NodeId node, Mac mac, IpAddress address)
      implements InstanceEvent {}

  /** The planner could not place it. */
  record InstanceHeld(InstanceId instance, String reason, String message)
      implements InstanceEvent {}

  /** Its node, or the loss of its node, says what it is. */
  record InstanceObserved(InstanceId instance, InstancePhase phase, String reason, String message)
      implements InstanceEvent {}
}
