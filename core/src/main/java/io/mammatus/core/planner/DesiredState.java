package io.mammatus.core.planner;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.ImageSpec;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.core.resource.NodeSpec;
import io.mammatus.core.resource.NodeStatus;
import io.mammatus.core.resource.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What each node should be: a pure function of the cloud. */
public final class DesiredState {

  private DesiredState() {}

  /** The node's whole desired state; empty for a node that is unknown or revoked. */
  public static Optional<NodeDesired> of(Cloud cloud, NodeId id) {
    return cloud
        .node(id)
        .filter(node -> node.status().phase() != NodePhase.REVOKED)
        .map(node -> of(cloud, node));
  }

  private static NodeDesired of(Cloud cloud, Resource<NodeSpec, NodeStatus> node) {
    List<InstanceDesired> instances =
        cloud.instancesOn(new NodeId(node.id())).stream()
            .filter(instance -> !instance.metadata().isDeleting())
            .filter(instance -> instance.status().phase() != InstancePhase.LOST)
            .flatMap(instance -> instance(cloud, instance).stream())
            .sorted(Comparator.comparing(i -> i.id().uid()))
            .toList();
    List<ImageDesired> images =
        cloud.list(Kind.IMAGE).stream()
            .map(image -> image(image.name(), (ImageSpec) image.spec()))
            .sorted(Comparator.comparing(ImageDesired::name))
            .toList();
    return new NodeDesired(node.status().desiredGeneration(), node.name(), images, instances);
  }

  private static ImageDesired image(String name, ImageSpec spec) {
    Map<String, Blob> files = spec.files();
    return new ImageDesired(name, spec.version(), blob(files, "metadata"), blob(files, "rootfs"));
  }

  private static Blob blob(Map<String, Blob> files, String role) {
    Blob blob = files.get(role);
    if (blob == null) {
      throw new IllegalArgumentException("an image has a " + role);
    }
    return blob;
  }

  private static Optional<InstanceDesired> instance(
      Cloud cloud, Resource<InstanceSpec, InstanceStatus> instance) {
    Mac mac = instance.status().mac();
    IpAddress address = instance.status().address();
    Optional<FlavorSpec> flavor =
        cloud
            .find(Kind.FLAVOR, instance.metadata().workspace(), instance.spec().flavor())
            .map(r -> (FlavorSpec) r.spec());
    if (mac == null || address == null || flavor.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new InstanceDesired(
            new InstanceId(instance.id()),
            instance.name(),
            instance.spec().image(),
            flavor.get().cpus(),
            flavor.get().memoryMiB(),
            flavor.get().diskGiB(),
            mac,
            address,
            !instance.status().created()));
  }
}
