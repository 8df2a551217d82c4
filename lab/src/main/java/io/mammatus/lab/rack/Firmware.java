package io.mammatus.lab.rack;

/** What a virtual machine starts with. */
public enum Firmware {
  /** SeaBIOS with the iPXE ROM of its network card. */
  BIOS,
  /** OVMF with its own PXE. */
  UEFI
}
