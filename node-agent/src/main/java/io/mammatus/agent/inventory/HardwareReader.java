package io.mammatus.agent.inventory;

import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.Inventory.Disk;
import io.mammatus.core.resource.Inventory.Nic;
import io.mammatus.core.resource.NodeStatus.Capacity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the hardware from the kernel's own files. What cannot be read is left out: a board without
 * SMBIOS is still a machine. Blocking, but short.
 */
public final class HardwareReader {

  /** What the node needs for itself: the image in memory, LXD, this agent. */
  private static final long RESERVED_MEMORY_MIB = 640;

  private static final long RESERVED_DISK_GIB = 1;
  private static final long SECTOR_BYTES = 512;
  private static final Pattern MEMORY = Pattern.compile("MemTotal:\\s+(\\d+) kB");
  private static final Pattern MODEL = Pattern.compile("(?m)^(?:model name|Model)\\s*:\\s*(.*)$");

  private final Path root;
  private final Mac bootMac;

  /**
   * @param root where {@code /proc} and {@code /sys} are found
   */
  public HardwareReader(Path root, Mac bootMac) {
    this.root = root;
    this.bootMac = bootMac;
  }

  /** What there is. */
  public Inventory read() throws IOException {
    return new Inventory(
        first(MODEL, text("proc/cpuinfo"), "unknown"),
        Runtime.getRuntime().availableProcessors(),
        memoryMiB(),
        Files.isDirectory(root.resolve("sys/firmware/efi")) ? "uefi" : "bios",
        lower(dmi("product_uuid")),
        dmi("sys_vendor"),
        dmi("product_name"),
        dmi("product_serial"),
        disks(),
        nics());
  }

  /** The interface that the machine booted from. */
  public String bootInterface() throws IOException {
    return nics().stream()
        .filter(Nic::booted)
        .map(Nic::name)
        .findFirst()
        .orElseThrow(() -> new IOException("no network card has the address " + bootMac));
  }

  /**
   * What instances may use.
   *
   * @param state the folder that holds what they are made of
   * @param stateDisk whether that is a disk of its own
   */
  public Capacity capacity(Path state, boolean stateDisk) throws IOException {
    long total = Files.getFileStore(state).getTotalSpace() >> 30;
    return new Capacity(
        Runtime.getRuntime().availableProcessors(),
        Math.max(0, memoryMiB() - RESERVED_MEMORY_MIB),
        Math.max(0, total - RESERVED_DISK_GIB),
        stateDisk);
  }

  private long memoryMiB() {
    return Long.parseLong(first(MEMORY, text("proc/meminfo"), "0")) / 1024;
  }

  private List<Disk> disks() throws IOException {
    List<Disk> disks = new ArrayList<>();
    for (Path device : entries("sys/block")) {
      String name = device.getFileName().toString();
      if (Files.exists(device.resolve("device"))) {
        long bytes = Long.parseLong(textOr(device.resolve("size"), "0")) * SECTOR_BYTES;
        boolean rotational = textOr(device.resolve("queue/rotational"), "0").equals("1");
        disks.add(
            new Disk(
                name,
                bytes,
                rotational,
                blankToNull(textOr(device.resolve("device/model"), "")),
                use(name)));
      }
    }
    return disks;
  }

  /** What the kernel shows of it without reading it: whether it is mounted or has parts. */
  private String use(String name) {
    Pattern whole = Pattern.compile("(?m)^/dev/" + Pattern.quote(name) + "(p?[0-9]+)? ");
    boolean mounted = whole.matcher(text("proc/mounts")).find();
    return mounted ? "mounted" : "not-mounted";
  }

  private List<Nic> nics() throws IOException {
    List<Nic> nics = new ArrayList<>();
    for (Path device : entries("sys/class/net")) {
      String name = device.getFileName().toString();
      String address = textOr(device.resolve("address"), "");
      boolean hardware = Files.exists(device.resolve("device"));
      if (address.length() == 17 && (hardware || address.equals(bootMac.toString()))) {
        Mac mac = Mac.parse(address);
        if (mac.bits() == 0 || mac.isGroup()) {
          continue; // no card's own: a second machine would report the same
        }
        boolean up = textOr(device.resolve("operstate"), "").equals("up");
        nics.add(new Nic(name, mac, up, mac.bits() == bootMac.bits()));
      }
    }
    return nics;
  }

  private List<Path> entries(String folder) throws IOException {
    List<Path> found = new ArrayList<>();
    Path path = root.resolve(folder);
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
        stream.forEach(found::add);
      }
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  private @Nullable String dmi(String name) {
    return blankToNull(textOr(root.resolve("sys/class/dmi/id/" + name), ""));
  }

  private String text(String file) {
    return textOr(root.resolve(file), "");
  }

  private static String textOr(Path file, String otherwise) {
    try {
      return Files.isReadable(file)
          ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip()
          : otherwise;
    } catch (IOException e) {
      return otherwise;
    }
  }

  private static String first(Pattern pattern, String text, String otherwise) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1).strip() : otherwise;
  }

  private static @Nullable String blankToNull(String text) {
    return text.isBlank() ? null : text;
  }

  private static @Nullable String lower(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }
}
