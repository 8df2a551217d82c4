package io.mammatus.core.node;

import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.InstanceId;
import java.util.List;

/**
 * Everything that a node should be: the only thing that it is ever told.
 *
 * @param generation grows with every change; a node ignores one older than what it knows
 * @param name the node's host name
 * @param images images to keep at hand
 * @param instances every container that it should have; those of ours that are not here go away
 */
public record NodeDesired(
    long generation, String name, List<ImageDesired> images, List<InstanceDesired> instances) {

  public NodeDesired {
    images = List.copyOf(images);
    instances = List.copyOf(instances);
  }

  /** An image to keep at hand. */
  public record ImageDesired(String name, String version, Blob metadata, Blob rootfs) {}

  /**
   * A container that should be there and run.
   *
   * @param create whether it may be made: false once the node reported having it, so that what was
   *     lost shows as lost
   * @param image name of one of {@link #images()}
   */
  public record InstanceDesired(
      InstanceId id,
      String name,
      String image,
      int cpus,
      long memoryMiB,
      long diskGiB,
      Mac mac,
      IpAddress address,
      boolean create) {}
}
