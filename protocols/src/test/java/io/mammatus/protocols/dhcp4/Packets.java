package io.mammatus.protocols.dhcp4;

import io.mammatus.protocols.Bytes;

/** Requests with the options that real clients send, in their order. */
final class Packets {

  private Packets() {}

  private static final String MAC = "525400123456";

  /** iPXE's ROM in a BIOS machine: bare user class, features in option 175. */
  static final byte[] IPXE_DISCOVER =
      packet(
          "0000",
          """
          350101 390205c0 5d020000 5e03010201
          3c20505845436c69656e743a417263683a30303030303a554e44493a303032303031
          4d0469505845
          37170103060c0f111a2b3c4243778081828384858687afcb
          af24b1050180861000150101130101180101 220101 170101 110101 120101 190101 100102 eb03010000
          3d0701525400123456 6111 00785634121234123412341234567890ab ff
          """);

  /** The PXE client of EDK2 as OVMF has it. */
  static final byte[] OVMF_DISCOVER =
      packet(
          "8000",
          """
          350101 390205c0
          37230102030405060c0d0f1112161728292a2b3233363a3b3c42436180818283848586 87
          6111 00785634121234123412341234567890ab 5e03010300 5d020007
          3c20505845436c69656e743a417263683a30303030373a554e44493a303033303030 ff
          """);

  /** systemd-networkd: an identifier from a DUID, and rapid commit (80). */
  static final byte[] NETWORKD_DISCOVER =
      packet(
          "0000",
          """
          350101 3d13ff00123456000200 00ab11d1e2f3a4b5c6d7e8 370801030c0f060679 21
          390205c0 0c046e6f6465 5000 ff
          """);

  static final byte[] UDHCPC_DISCOVER =
      packet(
          "0000",
          """
          350101 3d0701525400123456 39020240 3707010306 0c0f1c2a
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
