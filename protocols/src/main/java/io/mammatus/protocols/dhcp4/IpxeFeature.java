package io.mammatus.protocols.dhcp4;

/**
 * What an iPXE says it can do, inside option 175 (iPXE, {@code src/include/ipxe/features.h}). A
 * build without a feature leaves its flag out.
 */
public enum IpxeFeature {
  PXE_EXTENSIONS(0x10),
  ISCSI(0x11),
  AOE(0x12),
  HTTP(0x13),
  HTTPS(0x14),
  TFTP(0x15),
  FTP(0x16),
  DNS(0x17),
  BZIMAGE(0x18),
  MULTIBOOT(0x19),
  NBI(0x20),
  PXE(0x21),
  ELF(0x22),
  COMBOOT(0x23),
  EFI(0x24),
  FCOE(0x25),
  VLAN(0x26),
  MENU(0x27),
  SDI(0x28),
  NFS(0x29);

  /**
   * Option 175.176, "no-pxedhcp": tells iPXE not to wait for a ProxyDHCP server's offer beside ours
   * (iPXE, {@code DHCP_EB_NO_PXEDHCP}).
   */
  public static final int NO_PROXY_DHCP = 0xb0;

  private final int code;

  IpxeFeature(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
