package io.mammatus.pxe.dhcp;

import java.util.Optional;

/**
 * The kinds of firmware, by what they say in option 93: IANA's processor architecture types, with
 * the errata of RFC 4578 (7 and 9 are both x86-64 in the field; OVMF says 7). docs/boot.md has a
 * row for each.
 */
public enum Firmware {
  BIOS(0, "bios", Platform.BIOS),
  UEFI_X86(6, "uefi-x86", null),
  UEFI_X64(7, "uefi-x64", Platform.UEFI_X64),
  UEFI_X64_BY_RFC_4578(9, "uefi-x64", Platform.UEFI_X64),
  UEFI_ARM32(10, "uefi-arm32", null),
  UEFI_ARM64(11, "uefi-arm64", Platform.UEFI_ARM64),
  UEFI_HTTP_X86(15, "uefi-http-x86", null),
  UEFI_HTTP_X64(16, "uefi-http-x64", Platform.UEFI_X64),
  UEFI_HTTP_ARM32(18, "uefi-http-arm32", null),
  UEFI_HTTP_ARM64(19, "uefi-http-arm64", Platform.UEFI_ARM64),
  UEFI_RISCV64(27, "uefi-riscv64", null),
  UEFI_HTTP_RISCV64(28, "uefi-http-riscv64", null);

  /** What a loader is built for. */
  public enum Platform {
    BIOS,
    UEFI_X64,
    UEFI_ARM64
  }

  private final int architecture;
  private final String label;
  private final Optional<Platform> platform;

  Firmware(int architecture, String label, @org.jspecify.annotations.Nullable Platform platform) {
    this.architecture = architecture;
    this.label = label;
    this.platform = Optional.ofNullable(platform);
  }

  /** The number in option 93. */
  public int architecture() {
    return architecture;
  }

  /** Empty if there are no loaders for it. */
  public Optional<Platform> platform() {
    return platform;
  }

  static Optional<Firmware> of(int architecture) {
    for (Firmware firmware : values()) {
      if (firmware.architecture == architecture) {
        return Optional.of(firmware);
      }
    }
    return Optional.empty();
  }

  /**
   * As machines are described by; empty if the client did not say, as a running system does not.
   */
  static Optional<String> name(ClientFacts client) {
    if (client.isRaspberryPi()) {
      return Optional.of("raspberry-pi");
    }
    return client.architectures().stream()
        .findFirst()
        .map(number -> of(number).map(known -> known.label).orElse("arch-" + number));
  }
}
