package io.mammatus.core.resource;

/**
 * How large an instance is.
 *
 * @param cpus processors it may use at once
 * @param memoryMiB memory that is set aside for it, in MiB
 * @param diskGiB room for its root file system, in GiB
 */
public record FlavorSpec(int cpus, long memoryMiB, long diskGiB) implements Spec {

  public FlavorSpec {
    if (cpus < 1 || cpus > 1024) {
      throw new IllegalArgumentException("cpus: from 1 to 1024");
    }
    if (memoryMiB < 64) {
      throw new IllegalArgumentException("memoryMiB: at least 64");
    }
    if (diskGiB < 1) {
      throw new IllegalArgumentException("diskGiB: at least 1");
    }
  }
}
