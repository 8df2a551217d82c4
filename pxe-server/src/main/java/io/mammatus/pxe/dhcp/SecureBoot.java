package io.mammatus.pxe.dhcp;

/**
 * Who is given the signed loaders (shim, GRUB). Firmware does not say whether it enforces Secure
 * Boot; docs/adr has the reasons for the default.
 */
public enum SecureBoot {
  /** Whoever was given the unsigned loader, and did not come back as the iPXE that it is. */
  AUTO,
  /** Every x86-64 UEFI. */
  ALWAYS,
  /** Nobody. */
  NEVER
}
