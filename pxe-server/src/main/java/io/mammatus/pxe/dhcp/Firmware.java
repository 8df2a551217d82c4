package io.mammatus.pxe.dhcp;

import java.util.Optional;

/** Names for IANA's processor architecture types, as machines are described by. */
final class Firmware {

  private Firmware() {}

  /** Empty if the client did not say, as an operating system does not. */
  static Optional<String> name(ClientFacts client) {
    return client.architectures().stream().findFirst().map(Firmware::name);
  }

  private static String name(int architecture) {
    return switch (architecture) {
      case 0 -> "bios";
      case 6 -> "uefi-x86";
      case 7, 9 -> "uefi-x64";
      case 11 -> "uefi-arm64";
      case 15 -> "uefi-http-x86";
      case 16 -> "uefi-http-x64";
      case 19 -> "uefi-http-arm64";
      default -> "arch-" + architecture;
    };
  }
}
