package io.mammatus.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a virtual rack needs of this machine. All that is missing is named at once, before anything
 * starts.
 */
public final class Preflight {

  private static final long NODE_MIB = 2048;
  private static final long CLOUD_MIB = 1024;
  private static final long DISK_GIB = 12;
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

  /** Programs and the Debian packages that have them. */
  private static final Map<String, String> PROGRAMS =
      Map.of(
          "ip", "iproute2",
          "nft", "nftables",
          "ethtool", "ethtool",
          "qemu-system-x86_64", "qemu-system-x86",
          "mmdebstrap", "mmdebstrap",
          "mksquashfs", "squashfs-tools",
          "ssh", "openssh-client",
          "ssh-keygen", "openssh-client");

  private static final Map<String, String> FILES =
      Map.of(
          "/usr/share/OVMF/OVMF_CODE_4M.fd", "ovmf",
          "/usr/lib/ipxe/snponly.efi", "ipxe",
          "/usr/lib/ipxe/qemu/pxe-virtio.rom", "ipxe-qemu");

  private Preflight() {}

  /** What is missing for a rack of this many machines; empty if nothing is. */
  public static List<String> missing(int machines) throws IOException {
    List<String> missing = new ArrayList<>();
    if (!"root".equals(System.getProperty("user.name"))) {
      missing.add("root: network namespaces and DHCP's port need it (sudo ./mammatus …)");
    }
    PROGRAMS.forEach((program, debian) -> {
      if (!isInstalled(program)) {
        missing.add("the program " + program + " (Debian package " + debian + ")");
      }
    });
    FILES.forEach((file, debian) -> {
      if (!Files.exists(Path.of(file))) {
        missing.add(file + " (Debian package " + debian + ")");
      }
    });
    if (!Files.isWritable(Path.of("/dev/net/tun"))) {
      missing.add("/dev/net/tun: load the tun module, or give the container the device");
    }
    memory(machines, missing);
    long freeGib = Files.getFileStore(Layout.home()).getUsableSpace() >> 30;
    if (freeGib < DISK_GIB) {
      missing.add("%d GiB of free disk (there are %d)".formatted(DISK_GIB, freeGib));
    }
    return missing;
  }

  private static void memory(int machines, List<String> missing) throws IOException {
    Matcher matcher = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
    long available = matcher.find() ? Long.parseLong(matcher.group(1)) / 1024 : 0;
    long needed = CLOUD_MIB + machines * NODE_MIB;
    if (available < needed) {
      missing.add(
          "%d MiB of free memory for %d machines (there are %d): try --machines 1"
              .formatted(needed, machines, available));
    }
  }

  private static boolean isInstalled(String program) {
    for (String folder : List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin")) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }
}
