package io.mammatus.metadata.record;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.KeySpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that an instance may be told, whatever dialect it asks in.
 *
 * @param id its identity, with {@code i-} before it as images expect
 * @param name its host name
 * @param domain the domain it is in, if its network has one
 * @param image the image's name and version
 * @param flavor the flavor's name
 * @param keys public SSH keys by name, in the order of its spec
 * @param cidr its network's addresses
 * @param userData as it was given
 */
public record InstanceRecord(
    String id,
    String name,
    @Nullable String domain,
    String image,
    String flavor,
    Mac mac,
    IpAddress address,
    String cidr,
    Map<String, String> keys,
    @Nullable String userData) {

  /** The record of an instance; empty while it has no address. */
  public static Optional<InstanceRecord> of(
      Cloud cloud, Resource<InstanceSpec, InstanceStatus> instance) {
    Mac mac = instance.status().mac();
    IpAddress address = instance.status().address();
    if (mac == null || address == null) {
      return Optional.empty();
    }
    InstanceSpec spec = instance.spec();
    String workspace = instance.metadata().workspace();
    NetworkSpec network =
        cloud
            .find(Kind.NETWORK, workspace, spec.network())
            .map(r -> (NetworkSpec) r.spec())
            .orElse(null);
    return Optional.of(
        new InstanceRecord(
            "i-" + instance.id(),
            instance.name(),
            network == null ? null : network.domain(),
            spec.image(),
            spec.flavor(),
            mac,
            address,
            network == null ? address + "/32" : network.cidr().toString(),
            keys(cloud, workspace, spec.keys()),
            spec.userData()));
  }

  private static Map<String, String> keys(Cloud cloud, String workspace, List<String> names) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (String name : names) {
      cloud
          .find(Kind.KEY, workspace, name)
          .ifPresent(key -> keys.put(name, ((KeySpec) key.spec()).publicKey()));
    }
    return keys;
  }

  /** Its name with its domain. */
  public String fullName() {
    return domain == null ? name : name + "." + domain;
  }
}
