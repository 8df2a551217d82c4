package io.mammatus.agent.converge;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.Uid;
import java.util.List;
import java.util.UUID;

/** Desired states for tests. */
public final class Wanted {

  static final Blob BLOB = new Blob("0".repeat(64), 1);
  static final ImageDesired DEBIAN = new ImageDesired("debian", "1", BLOB, BLOB);
  static final ImageDesired SPARE = new ImageDesired("spare", "7", BLOB, BLOB);

  private Wanted() {}

  public static InstanceId id(int number) {
    return new InstanceId(new Uid(new UUID(0, number)));
  }

  /** One that may be made. */
  public static InstanceDesired fresh(int number) {
    return instance(number, true);
  }

  /** One that its node had before. */
  public static InstanceDesired old(int number) {
    return instance(number, false);
  }

  private static InstanceDesired instance(int number, boolean create) {
    return new InstanceDesired(
        id(number),
        "web-" + number,
        "debian",
        1,
        256,
        2,
        new Mac(0x02_00_00_00_00_00L + number),
        Ipv4.parse("10.88.0.100").plus(number),
        create);
  }

  public static NodeDesired state(
      long generation, List<ImageDesired> images, InstanceDesired... instances) {
    return new NodeDesired(generation, "node-1", images, List.of(instances));
  }
}
