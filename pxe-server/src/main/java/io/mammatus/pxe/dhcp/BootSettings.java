package io.mammatus.pxe.dhcp;

/**
 * What machines are given to boot.
 *
 * @param biosLoader file that the TFTP server has for BIOS ROMs
 * @param efiLoader the same for UEFI on x86-64
 * @param ownUserClass option 77 of an iPXE of our own build; such a one is always good enough
 * @param httpPort of the boot server on each subnet's server address
 */
public record BootSettings(String biosLoader, String efiLoader, String ownUserClass, int httpPort) {

  /** Debian's and iPXE's own names for the loaders. */
  public static BootSettings onPort(int httpPort) {
    return new BootSettings("undionly.kpxe", "snponly.efi", "mammatus", httpPort);
  }
}
