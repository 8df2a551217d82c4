package io.mammatus.core.resource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container that somebody wants.
 *
 * @param image name of an image
 * @param flavor name of a flavor
 * @param network name of a network
 * @param keys names of SSH keys that may log in
 * @param userData given to cloud-init as it is; at most 16 KiB, as on AWS
 */
public record InstanceSpec(
    String image, String flavor, String network, List<String> keys, @Nullable String userData)
    implements Spec {

  public static final int MAX_USER_DATA_BYTES = 16 * 1024;

  public InstanceSpec {
    keys = List.copyOf(keys);
    if (userData != null
        && userData.getBytes(StandardCharsets.UTF_8).length > MAX_USER_DATA_BYTES) {
      throw new IllegalArgumentException("userData: longer than 16 KiB");
    }
  }
}
