package io.mammatus.agent.converge;

import io.mammatus.core.resource.InstanceId;
import java.util.Map;
import java.util.Set;

/**
 * What a driver finds.
 *
 * @param images those at hand, by {@link Steps#key}
 * @param instances ours, and whether each runs
 * @param unfinished ours, begun and not known to be whole: a crash left them, or they are being
 *     made
 */
public record Actual(
    Set<String> images, Map<InstanceId, Boolean> instances, Set<InstanceId> unfinished) {

  public Actual {
    images = Set.copyOf(images);
    instances = Map.copyOf(instances);
    unfinished = Set.copyOf(unfinished);
  }
}
