package io.mammatus.core.resource;

import io.mammatus.core.net.Mac;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hardware of a machine as its agent read it.
 *
 * @param cpuModel as the kernel names it
 * @param cpus logical processors
 * @param memoryMiB memory that the kernel has, in MiB
 * @param firmware {@code bios} or {@code uefi}
 * @param smbiosUuid SMBIOS type 1 UUID (DMTF DSP0134, 7.2.1), lower case
 * @param vendor SMBIOS system manufacturer
 * @param product SMBIOS product name
 * @param serial SMBIOS serial number
 */
public record Inventory(
    String cpuModel,
    int cpus,
    long memoryMiB,
    String firmware,
    @Nullable String smbiosUuid,
    @Nullable String vendor,
    @Nullable String product,
    @Nullable String serial,
    List<Disk> disks,
    List<Nic> nics) {

  public Inventory {
    disks = List.copyOf(disks);
    nics = List.copyOf(nics);
  }

  /**
   * A whole disk.
   *
   * @param bytes its size
   * @param use {@code state}, {@code empty}, or what its signatures say
   */
  public record Disk(
      String name, long bytes, boolean rotational, @Nullable String model, String use) {}

  /** A network card. */
  public record Nic(String name, Mac mac, boolean up, boolean booted) {}
}
