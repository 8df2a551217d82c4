package io.mammatus.agent.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.Inventory.Disk;
import io.mammatus.core.resource.Inventory.Nic;
import io.mammatus.core.resource.NodeStatus.Capacity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a tree that looks like the kernel's. */
class HardwareReaderTest {

  private static final Mac BOOT = Mac.parse("52:54:00:00:00:0a");

  @TempDir Path root;

  private HardwareReader reader() {
    return new HardwareReader(root, BOOT);
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  private void disk(String name, long sectors, boolean rotational) throws IOException {
    file("sys/block/" + name + "/size", Long.toString(sectors));
    file("sys/block/" + name + "/queue/rotational", rotational ? "1" : "0");
    file("sys/block/" + name + "/device/model", "QEMU HARDDISK   ");
  }

  private void nic(String name, String address, String state) throws IOException {
    file("sys/class/net/" + name + "/address", address);
    file("sys/class/net/" + name + "/operstate", state);
    Files.createDirectories(root.resolve("sys/class/net/" + name + "/device"));
  }

  private void fullTree() throws IOException {
    file("proc/cpuinfo", "processor\t: 0\nmodel name\t: Some CPU @ 2GHz\nflags\t: fpu");
    file("proc/meminfo", "MemTotal:        4194304 kB\nMemFree:  1 kB");
    file("proc/mounts", "/dev/sda1 /var/lib/mammatus ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0");
    file("sys/class/dmi/id/product_uuid", "4C4C4544-0000-0000-0000-ABCDEF012345");
    file("sys/class/dmi/id/sys_vendor", "Dell Inc.");
    file("sys/class/dmi/id/product_name", "PowerEdge");
    file("sys/class/dmi/id/product_serial", " ");
    disk("sda", 2097152, true);
    disk("sdaa", 4194304, false);
    file("sys/block/loop0/size", "8");
    nic("eth0", BOOT.toString(), "up");
    nic("eth1", "52:54:00:00:00:0b", "down");
    file("sys/class/net/lo/address", "00:00:00:00:00:00");
    file("sys/class/net/br0/address", "52:54:00:00:00:0c");
  }

  @Test
  void readsWhatTheKernelShows() throws Exception {
    fullTree();
    Inventory inventory = reader().read();
    assertThat(inventory.cpuModel()).isEqualTo("Some CPU @ 2GHz");
    assertThat(inventory.memoryMiB()).isEqualTo(4096);
    assertThat(inventory.firmware()).isEqualTo("bios");
    assertThat(inventory.smbiosUuid()).isEqualTo("4c4c4544-0000-0000-0000-abcdef012345");
    assertThat(inventory.vendor()).isEqualTo("Dell Inc.");
    assertThat(inventory.product()).isEqualTo("PowerEdge");
    assertThat(inventory.serial()).as("blank is none").isNull();
    assertThat(inventory.nics())
        .containsExactly(
            new Nic("eth0", BOOT, true, true),
            new Nic("eth1", Mac.parse("52:54:00:00:00:0b"), false, false));
    assertThat(reader().bootInterface()).isEqualTo("eth0");
  }

  /** sdaa begins like sda: a name is not told by how it begins. */
  @Test
  void disksAreToldApart() throws Exception {
    fullTree();
    assertThat(reader().read().disks())
        .containsExactly(
            new Disk("sda", 1L << 30, true, "QEMU HARDDISK", "mounted"),
            new Disk("sdaa", 2L << 30, false, "QEMU HARDDISK", "not-mounted"));
    file("proc/mounts", "/dev/sdaa /mnt ext4 rw 0 0\n/dev/nvme0n1p2 /x ext4 rw 0 0");
    disk("nvme0n1", 8, false);
    disk("nvme0n10", 8, false);
    assertThat(reader().read().disks())
        .extracting(Disk::name, Disk::use)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("nvme0n1", "mounted"),
            org.assertj.core.groups.Tuple.tuple("nvme0n10", "not-mounted"),
            org.assertj.core.groups.Tuple.tuple("sda", "not-mounted"),
            org.assertj.core.groups.Tuple.tuple("sdaa", "mounted"));
  }

  @Test
  void aMachineThatShowsNothingIsStillAMachine() throws Exception {
    Inventory inventory = reader().read();
    assertThat(inventory.cpuModel()).isEqualTo("unknown");
    assertThat(inventory.memoryMiB()).isZero();
    assertThat(inventory.disks()).isEmpty();
    assertThat(inventory.nics()).isEmpty();
    assertThat(inventory.smbiosUuid()).isNull();
    assertThatThrownBy(() -> reader().bootInterface())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(BOOT.toString());
  }

  @Test
  void efiIsToldByItsFolder() throws Exception {
    Files.createDirectories(root.resolve("sys/firmware/efi"));
    assertThat(reader().read().firmware()).isEqualTo("uefi");
  }

  /** In a lab the card that booted may be one side of a veth pair, without a device behind it. */
  @Test
  void theCardThatBootedCountsWhateverItIs() throws Exception {
    file("sys/class/net/eth9/address", BOOT.toString());
    assertThat(reader().bootInterface()).isEqualTo("eth9");
  }

  /** Two machines that both report 00:…:00 would take it from each other for ever. */
  @Test
  void anAddressThatIsNobodysIsLeftOut() throws Exception {
    nic("eth0", BOOT.toString(), "up");
    nic("usb0", "00:00:00:00:00:00", "down");
    nic("odd0", "ff:ff:ff:ff:ff:ff", "down");
    nic("ib0", "80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:0d:80:c1", "up");
    assertThat(reader().read().nics()).extracting(Nic::name).containsExactly("eth0");
  }

  @Test
  void instancesGetWhatTheNodeDoesNotNeed() throws Exception {
    fullTree();
    Capacity capacity = reader().capacity(root, true);
    assertThat(capacity.memoryMiB()).isEqualTo(4096 - 640);
    assertThat(capacity.stateDisk()).isTrue();
    file("proc/meminfo", "MemTotal:        131072 kB");
    assertThat(reader().capacity(root, false).memoryMiB()).isZero();
  }
}
