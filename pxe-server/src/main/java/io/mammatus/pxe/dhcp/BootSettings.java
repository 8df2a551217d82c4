package io.mammatus.pxe.dhcp;

import java.util.Optional;
import java.util.Set;

/**
 * What machines are given to boot.
 *
 * @param biosLoader file that the TFTP server has for BIOS ROMs
 * @param efiLoader the same for UEFI on x86-64
 * @param armLoader the same for UEFI on arm64, if there is one
 * @param signedLoader shim for UEFI on x86-64, with GRUB beside it, if there is one
 * @param raspberryPi whether there are files for a Raspberry Pi
 * @param ownUserClass option 77 of an iPXE of our own build; such a one is always good enough
 * @param httpPort of the boot server on each subnet's server address
 * @param https where the same is served over TLS, if it is
 * @param endIpv6Wait whether iPXEs are told that there is no IPv6 router to wait for
 */
public record BootSettings(
    String biosLoader,
    String efiLoader,
    Optional<String> armLoader,
    Optional<String> signedLoader,
    boolean raspberryPi,
    SecureBoot secureBoot,
    String ownUserClass,
    int httpPort,
    Optional<Https> https,
    boolean endIpv6Wait) {

  /**
   * @param fallback whether who did not start what it was named over HTTPS is named it over HTTP
   */
  public record Https(int port, boolean fallback) {}

  /** The folder, beside the loaders, of what a Raspberry Pi fetches. */
  public static final String RASPBERRY_PI_FOLDER = "raspberry-pi";

  private static final String ARM_LOADER = "ipxe-arm64.efi";
  private static final String SHIM = "shimx64.efi";
  private static final String GRUB = "grubx64.efi";

  /** The two that are always there: Debian's and iPXE's own names for the loaders. */
  public static BootSettings onPort(int httpPort) {
    return of(Set.of(), SecureBoot.AUTO, httpPort, true);
  }

  /**
   * @param loaders the names in the folder of loaders; a signed loader is one only with its GRUB
   */
  public static BootSettings of(
      Set<String> loaders, SecureBoot secureBoot, int httpPort, boolean endIpv6Wait) {
    return new BootSettings(
        "undionly.kpxe",
        "snponly.efi",
        Optional.of(ARM_LOADER).filter(loaders::contains),
        Optional.of(SHIM).filter(_ -> loaders.containsAll(Set.of(SHIM, GRUB))),
        loaders.contains(RASPBERRY_PI_FOLDER),
        secureBoot,
        "mammatus",
        httpPort,
        Optional.empty(),
        endIpv6Wait);
  }

  /** The same with a boot server that speaks TLS, too. */
  public BootSettings withHttps(Optional<Https> served) {
    return new BootSettings(
        biosLoader,
        efiLoader,
        armLoader,
        signedLoader,
        raspberryPi,
        secureBoot,
        ownUserClass,
        httpPort,
        served,
        endIpv6Wait);
  }
}
