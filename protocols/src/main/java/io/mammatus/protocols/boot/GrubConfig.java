package io.mammatus.protocols.boot;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What GRUB is told: the same {@link BootScript}s as iPXE, in GRUB's words. It comes from a TFTP
 * server, which is GRUB's root device, and so do the files that are named.
 *
 * <p>Every value stands in single quotes, within which GRUB takes nothing apart; no value that a
 * {@link BootScript} holds has a quote in it.
 */
public final class GrubConfig {

  /**
   * Where the disk's own system starts from, the well-known ones first. The last is what firmware
   * itself would take from a removable disk (UEFI 2.10, section 3.5.1.1).
   */
  private static final List<String> DISK_LOADERS =
      List.of(
          "/EFI/debian/shimx64.efi",
          "/EFI/ubuntu/shimx64.efi",
          "/EFI/fedora/shimx64.efi",
          "/EFI/redhat/shimx64.efi",
          "/EFI/centos/shimx64.efi",
          "/EFI/rocky/shimx64.efi",
          "/EFI/almalinux/shimx64.efi",
          "/EFI/opensuse/shim.efi",
          "/EFI/sles/shim.efi",
          "/EFI/Microsoft/Boot/bootmgfw.efi",
          "/EFI/BOOT/BOOTX64.EFI");

  private GrubConfig() {}

  /**
   * What every GRUB is given first: it asks for its machine's own file, by the MAC that only GRUB
   * knows, and again for ever. Each time it comes back, it comes from this one loop, so that
   * nothing piles up.
   *
   * @param folder where the machines' own files are, without a slash at its end
   */
  public static String first(String folder) {
    if (!folder.matches("(/[A-Za-z0-9_-]+)+")) {
      throw new IllegalArgumentException("not a plain folder: " + folder);
    }
    return """
    set timeout=0
    while true; do
      if source "%s/$net_default_mac"; then
        true
      else
        echo 'Mammatus: no answer; asking again'
        sleep 5
      fi
    done
    """
        .formatted(folder);
  }

  /** What one machine is told. It falls through to the loop of {@link #first} if it fails. */
  public static String render(BootScript script) {
    return switch (script) {
      case BootScript.NodeBoot(
              BootUrl kernel,
              BootUrl initrd,
              KernelArguments arguments,
              BootScript.Retry retry) ->
          """
          echo 'Mammatus: loading the node image'
          if linux %s; then
            if initrd %s; then
              boot
            fi
          fi
          echo 'Mammatus: could not load the node image; asking again'
          sleep %d
          """
              .formatted(
                  Stream.concat(Stream.of(kernel.path()), arguments.words().stream())
                      .map(GrubConfig::quoted)
                      .collect(Collectors.joining(" ")),
                  quoted(initrd.path()),
                  retry.seconds());
      case BootScript.LocalDisk _ -> localDisk();
      case BootScript.RetryWait(String reason, BootScript.Retry retry) ->
          """
          echo %s
          sleep %d
          """
              .formatted(quoted("Mammatus: " + reason), retry.seconds());
    };
  }

  /**
   * Ending GRUB well would leave many a firmware in its menu (UEFI 2.10, section 3.1.1), so it
   * looks for the disk's loader itself. That has to be on the root device: GRUB tells a loader that
   * it came from there, wherever it came from. Only if there is none, it ends.
   */
  private static String localDisk() {
    return """
    echo 'Mammatus: booting from the local disk'
    set network="$root"
    for loader in %s; do
      if search --no-floppy --file --set=root "$loader"; then
        if chainloader "$loader"; then
          boot
        fi
      fi
    done
    set root="$network"
    exit 1
    """
        .formatted(String.join(" ", DISK_LOADERS));
  }

  private static String quoted(String text) {
    if (text.indexOf('\'') >= 0) {
      throw new IllegalArgumentException("a quote in a GRUB word");
    }
    return "'" + text + "'";
  }
}
