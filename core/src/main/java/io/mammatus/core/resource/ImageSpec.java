package io.mammatus.core.resource;

import java.util.Map;

/**
 * An image that instances start from. Its files are kept by digest and never change.
 *
 * @param version what tells two builds of it apart
 * @param files by role: {@code rootfs} (squashfs) and {@code metadata} (LXD's metadata tarball)
 */
public record ImageSpec(String version, Map<String, Blob> files) implements Spec {

  public ImageSpec {
    files = Map.copyOf(files);
    if (!files.containsKey("rootfs") || !files.containsKey("metadata")) {
      throw new IllegalArgumentException("files: an image has a rootfs and a metadata file");
    }
  }
}
