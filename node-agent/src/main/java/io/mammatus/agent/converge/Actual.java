package io.mammatus.agent.converge;

import io.mammatus.core.resource.InstanceId;
import java.util.Map;
import java.util.Set;

/**
 * What a driver finds.
 *
 * @param images those at hand, as {@code NAME/VERSION}
 * @param instances ours, and whether each runs
 */
public record Actual(Set<String> images, Map<InstanceId, Boolean> instances) {

  public Actual {
    images = Set.copyOf(images);
    instances = Map.copyOf(instances);
  }
}
