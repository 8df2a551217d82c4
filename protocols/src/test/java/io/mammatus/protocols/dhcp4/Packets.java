package io.mammatus.protocols.dhcp4;

import io.mammatus.protocols.Bytes;

/** Requests with the options that real clients send, in their order. */
final class Packets {

  private Packets() {}

  private static final String MAC = "525400123456";

  /**
   * As captured from QEMU's iPXE ROM in a BIOS machine: bare user class, features in option 175.
   */
  static final byte[] IPXE_DISCOVER =
      packet(
          "0000",
          """
          350101390205c05d0200005e030102013c20505845436c69656e743a417263683a30303030303a554e44493a30
          30323030314d04695058453717010306070c0f111a2b3c4243778081828384858687afcbaf30b105011af41000
          eb0301000017010122010113010111010127010119010129010110010221010115010118010112 01013d070152
          540012345661110000000000000000000000000000000000ff
          """);

  /** As captured from OVMF's own PXE client. */
  static final byte[] OVMF_DISCOVER =
      packet(
          "8000",
          """
          350101390205c037230102030405060c0d0f111216171c28292a2b3233363a3b3c424361808182838485868761
          1100000000000000000000000000000000005e030103005d0200073c20505845436c69656e743a417263683a30
          303030373a554e44493a303033303030ff
          """);

  /** systemd-networkd: an identifier from a DUID, and rapid commit (80). */
  static final byte[] NETWORKD_DISCOVER =
      packet(
          "0000",
          """
          350101 3d13ff00123456000200 00ab11d1e2f3a4b5c6d7e8 370801030c0f06067921
          390205c0 0c046e6f6465 5000 ff
          """);

  /** Busybox's client. */
  static final byte[] UDHCPC_DISCOVER =
      packet(
          "0000",
          """
          350101 3d0701525400123456 39020240 37070103060c0f1c2a
          3c0c756468637020312e33352e30 ff
          """);

  /** A request whose flags and options are given in hexadecimal. */
  static byte[] packet(String flags, String options) {
    return Bytes.hex(
            "01010600 1a2b3c4d 0004"
                + flags
                + "00000000".repeat(4)
                + MAC
                + "00".repeat(10 + 64 + 128)
                + "63825363"
                + options)
        .toArray();
  }
}
