package io.mammatus.lab;

import io.mammatus.lab.rack.HostNetworks;
import io.mammatus.lab.rack.LabNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a virtual rack needs of this machine. All that is missing is named at once, before anything
 * starts.
 *
 * <p>What a shell can know (root, memory, disk, devices) is asked of {@code lab/preflight}, with
 * which {@code ./mammatus} begins before it installs and builds. Here comes the rest.
 */
public final class Preflight {

  private static final long LIMIT_SECONDS = 30;

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

  /**
   * What is missing for a rack of this many machines that can be reached from outside; empty if
   * nothing is.
   */
  public static List<String> missing(int machines, LabNetwork network) throws IOException {
    List<String> missing = new ArrayList<>(missing(machines));
    if (isInstalled("ip")) {
      missing.addAll(
          HostNetworks.parse(
                  Shell.run("ip", "-4", "-j", "address"), Shell.run("ip", "-4", "-j", "route"))
              .except(network.cable())
              .clashesWith(network.takenOutside()));
    }
    return missing;
  }

  /** The same without a look at who else uses the rack's addresses. */
  public static List<String> missing(int machines) throws IOException {
    Shell.Result seen =
        Shell.attempt(
            LIMIT_SECONDS,
            Layout.home().resolve("lab/preflight").toString(),
            "--machines",
            Integer.toString(machines));
    Stream<String> programs =
        PROGRAMS.entrySet().stream()
            .filter(program -> !isInstalled(program.getKey()))
            .map(program -> "the program " + named(program));
    Stream<String> files =
        FILES.entrySet().stream()
            .filter(file -> !Files.exists(Path.of(file.getKey())))
            .map(Preflight::named);
    return Stream.of(seen.output().lines(), programs, files).flatMap(lines -> lines).toList();
  }

  private static String named(Map.Entry<String, String> wanted) {
    return "%s: apt-get install %s".formatted(wanted.getKey(), wanted.getValue());
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
