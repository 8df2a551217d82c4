package io.mammatus.metadata.who;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import java.util.Optional;

/**
 * Whose request this is. An address alone is not believed: on one layer 2 a neighbour can take it.
 * The frame must have come from the network card that the address was given to.
 */
public sealed interface Caller {

  /** An instance that proved who it is. */
  record Known(Resource<InstanceSpec, InstanceStatus> instance) implements Caller {}

  /**
   * Not let in.
   *
   * @param reason a stable code
   * @param whose the instance whose address was used, if any
   */
  record Refused(String reason, Optional<Ref> whose) implements Caller {}

  /**
   * Decides who asks.
   *
   * @param neighbour the card that the kernel resolved the address to
   */
  static Caller of(Cloud cloud, IpAddress source, Optional<Mac> neighbour) {
    Optional<Ref> owner = cloud.owner(source);
    if (owner.isEmpty()) {
      return new Refused("unknown-address", Optional.empty());
    }
    if (owner.get().kind() != Kind.INSTANCE) {
      return new Refused("not-an-instance", owner);
    }
    Resource<InstanceSpec, InstanceStatus> instance =
        cloud.instance(new InstanceId(owner.get().id())).orElseThrow();
    if (neighbour.isEmpty()) {
      return new Refused("unknown-card", owner);
    }
    return neighbour.get().equals(instance.status().mac())
        ? new Known(instance)
        : new Refused("wrong-card", owner);
  }
}
