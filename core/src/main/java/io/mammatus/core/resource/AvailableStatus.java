package io.mammatus.core.resource;

import java.util.List;

/** The status of what is there as soon as it is described: networks, images, flavors, keys. */
public record AvailableStatus(String phase, List<Condition> conditions) implements Status {

  public static final AvailableStatus AVAILABLE = new AvailableStatus("available", List.of());

  public AvailableStatus {
    conditions = List.copyOf(conditions);
  }
}
