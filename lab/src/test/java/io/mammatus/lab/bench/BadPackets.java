package io.mammatus.lab.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Datagrams that no honest client sends, of every kind, each with what it is to be counted as. */
final class BadPackets {

  static final int DHCP = 67;
  static final int BOOT_SERVER = 4011;
  static final int TFTP = 69;
  static final int DNS = 53;

  /** Any reason will do: it depends on what came before. */
  static final String ANY = "";

  private static final String NO_ADDRESS = "00000000";

  /**
   * One kind.
   *
   * @param reason what the server's metric calls it, or {@link #ANY}
   * @param stranger sent from an address that is on none of the networks
   */
  record Kind(
      String name, int port, String reason, boolean stranger, Function<Random, byte[]> octets) {

    String protocol() {
      return switch (port) {
        case TFTP -> "tftp";
        case DNS -> "dns";
        default -> "dhcp";
      };
    }
  }

  private final List<Kind> kinds = new ArrayList<>();

  private BadPackets() {}

  static List<Kind> all() {
    BadPackets packets = new BadPackets();
    packets.truncated();
    packets.contradictory();
    packets.hostileDhcp();
    packets.tftp();
    packets.dns();
    return List.copyOf(packets.kinds);
  }

  private void add(String name, int port, String reason, Function<Random, byte[]> octets) {
    kinds.add(new Kind(name, port, reason, false, octets));
  }

  private void dhcp(String name, String reason, String options) {
    add(name, DHCP, reason, random -> message(random, options));
  }

  private void truncated() {
    add("dhcp-empty", DHCP, "shorter than a DHCP message", random -> new byte[0]);
    add(
        "dhcp-short",
        DHCP,
        "shorter than a DHCP message",
        random -> new byte[1 + random.nextInt(200)]);
    add(
        "dhcp-noise",
        DHCP,
        "op is neither request nor reply",
        random -> {
          byte[] noise = noise(random, 240 + random.nextInt(300));
          noise[0] |= (byte) 0x80;
          return noise;
        });
    // Longer than any frame: it comes in fragments, and is cut off where it is read.
    add(
        "dhcp-oversized",
        DHCP,
        "option runs past the end",
        random ->
            ByteBuffer.allocate(4000)
                .put(message(random, "350101" + "3cff" + "41".repeat(255)))
                .array());
    dhcp("dhcp-cut-option", "option runs past the end", "350101" + "3dff0152");
    dhcp("dhcp-cut-overload", "option runs past the end of its field", "350101" + "340101" + "ff");
  }

  private void contradictory() {
    dhcp(
        "dhcp-address-of-three",
        "an address option is not four octets",
        "350101" + "32030a6201" + "ff");
    dhcp("dhcp-size-of-one", "maximum message size is not two octets", "350101" + "390105" + "ff");
    dhcp("dhcp-type-of-two", "message type is not one octet", "35020101" + "ff");
    dhcp("dhcp-overload-of-nine", "option overload is not 1, 2 or 3", "350101" + "340109" + "ff");
    dhcp(
        "dhcp-arch-of-three",
        "client architecture is not a list of 16-bit numbers",
        "350101" + "5d03000700" + "ff");
    dhcp(
        "dhcp-route-of-99",
        "a classless route is cut off or has no such prefix",
        "350101" + "790163" + "ff");
    dhcp("dhcp-bootp", "bootp-only", "ff");
    dhcp("dhcp-leasequery", "unhandled-type", "35010a" + "ff");
    add(
        "dhcp-hlen-255",
        DHCP,
        "hardware address is not Ethernet",
        random -> changed(random, 2, 255));
    add("dhcp-op-9", DHCP, "op is neither request nor reply", random -> changed(random, 0, 9));
    add("dhcp-reply", DHCP, "not-a-request", random -> changed(random, 0, 2));
    add("dhcp-no-cookie", DHCP, "no DHCP magic cookie", random -> changed(random, 236, 0));
    add("dhcp-group", DHCP, "bad-hardware-address", random -> changed(random, 28, 0xff));
  }

  private void hostileDhcp() {
    dhcp("dhcp-other-server", "other-server", "350103" + "32040a624001" + "360408080808" + "ff");
    dhcp("dhcp-nothing-wanted", "incomplete-request", "350103" + "ff");
    dhcp("dhcp-not-its-lease", "not-its-lease", "350104" + "32040a624001" + "ff");
    add(
        "dhcp-relay-of-nowhere",
        DHCP,
        "no-subnet",
        random -> addressed(random, NO_ADDRESS, "c6336401", "350101ff"));
    add(
        "dhcp-inform-elsewhere",
        DHCP,
        "address-elsewhere",
        random -> addressed(random, "c6336401", NO_ADDRESS, "350108ff"));
    add(
        "dhcp-renews-of-another",
        DHCP,
        "wrong-address",
        random -> addressed(random, "0a621001", NO_ADDRESS, "350103ff"));
    dhcp("dhcp-82-of-a-client", ANY, "350101" + "5206" + "0104deadbeef" + "ff");
    add(
        "dhcp-same-card",
        DHCP,
        ANY,
        random -> {
          byte[] message = message(random, "350101ff");
          message[33] = message[32] = message[31] = 9;
          return message;
        });
    dhcp(
        "dhcp-names",
        ANY,
        "350101" + "0c20" + "270a0d1b5b324a3c2f2e2e2f".repeat(2) + "2700ff24287263600d" + "ff");
    dhcp("dhcp-firmware", ANY, "350101" + "5d020000" + "3c09505845436c69656e74" + "ff");
    add(
        "proxy-where-none-is",
        BOOT_SERVER,
        "no-proxy-here",
        random -> message(random, "350103" + "5d020000" + "3c09505845436c69656e74" + "ff"));
    add("proxy-noise", BOOT_SERVER, "shorter than a DHCP message", random -> noise(random, 100));
  }

  private void tftp() {
    add("tftp-short", TFTP, "shorter than a TFTP packet", random -> new byte[random.nextInt(4)]);
    add(
        "tftp-operation",
        TFTP,
        "unknown TFTP operation",
        random -> octets(0, 7 + random.nextInt(200), 0, 0));
    add("tftp-no-end", TFTP, "file name or mode has no end", random -> octets(0, 1, 'a', 'b', 'c'));
    add(
        "tftp-option-cut",
        TFTP,
        "option has no end",
        random -> request(1, "a", "octet", "blksize"));
    add(
        "tftp-long",
        TFTP,
        "request is longer than 512 octets",
        random -> request(1, "a".repeat(1000), "octet", ""));
    add(
        "tftp-options",
        TFTP,
        "more than 16 options",
        random -> {
          StringBuilder options = new StringBuilder();
          for (int i = 0; i < 40; i++) {
            options.append("o").append(i).append("\0");
            options.append("1\0");
          }
          return request(1, "a", "octet", options.toString());
        });
    add("tftp-write", TFTP, "read-only", random -> request(2, "five.bin", "octet", ""));
    add("tftp-mode", TFTP, "unknown-mode", random -> request(1, "five.bin", "mail", ""));
    for (String name :
        List.of(
            "../secret",
            "..\\secret",
            "/etc/passwd",
            "a/../../secret",
            "%2e%2e/secret",
            "\u0001\u001b[2J")) {
      add(
          "tftp-name-" + HexFormat.of().formatHex(latin(name)),
          TFTP,
          ANY,
          random -> request(1, name, "octet", ""));
    }
    add(
        "tftp-stray",
        TFTP,
        "not-a-request",
        random -> octets(0, 4, random.nextInt(256), random.nextInt(256)));
    add(
        "tftp-options-hostile",
        TFTP,
        ANY,
        random ->
            request(
                1,
                "five.bin",
                "octet",
                "blksize\000"
                    + "99999999999\0windowsize\000"
                    + "65535\0timeout\000"
                    + "255\0tsize\000-1\0"));
    kinds.add(
        new Kind(
            "tftp-stranger",
            TFTP,
            "stranger",
            true,
            random -> request(1, "five.bin", "octet", "")));
  }

  private void dns() {
    add("dns-short", DNS, "short", random -> noise(random, random.nextInt(12)));
    add("dns-answer", DNS, "not-a-query", random -> question(random, 0x8180, name("a", "test")));
    add("dns-opcode", DNS, "opcode", random -> question(random, 0x2800, name("a", "test")));
    add(
        "dns-pointer-loop",
        DNS,
        "bad-question",
        random -> question(random, 0x0100, octets(0xc0, 12)));
    add(
        "dns-long-label",
        DNS,
        "bad-question",
        random -> question(random, 0x0100, octets(0x7f, 1, 2, 3)));
    add(
        "dns-trailing",
        DNS,
        "trailing-octets",
        random -> joined(question(random, 0x0100, name("a", "test")), noise(random, 9)));
    add(
        "dns-oversized",
        DNS,
        "oversized",
        random -> joined(question(random, 0x0100, name("a", "test")), new byte[3000]));
    add(
        "dns-counts",
        DNS,
        "not-one-question",
        random -> {
          byte[] packet = question(random, 0x0100, name("a", "test"));
          packet[5] = (byte) 200;
          return packet;
        });
    kinds.add(
        new Kind(
            "dns-stranger",
            DNS,
            ANY,
            true,
            random -> question(random, 0x0100, name("x" + random.nextInt(1000), "test"))));
    add(
        "dns-any-name",
        DNS,
        ANY,
        random -> question(random, 0x0100, name("x" + random.nextInt(1_000_000), "invalid")));
  }

  /** A message of a made-up card. */
  private static byte[] message(Random random, String options) {
    return addressed(random, NO_ADDRESS, NO_ADDRESS, options);
  }

  private static byte[] addressed(Random random, String ciaddr, String giaddr, String options) {
    String head =
        "01010600%08x00000000".formatted(random.nextInt())
            + ciaddr
            + NO_ADDRESS.repeat(2)
            + giaddr
            + "525401%06x".formatted(random.nextInt(1 << 24))
            + "00".repeat(10 + 64)
            + "0c".repeat(128) // as an overloaded field: options that run past its end
            + "63825363";
    return HexFormat.of().parseHex(head + options);
  }

  private static byte[] changed(Random random, int at, int octet) {
    byte[] message = message(random, "350101ff");
    message[at] = (byte) octet;
    return message;
  }

  private static byte[] request(int operation, String file, String mode, String options) {
    return joined(octets(0, operation), latin(file + "\0" + mode + "\0" + options));
  }

  private static byte[] question(Random random, int flags, byte[] name) {
    ByteBuffer packet = ByteBuffer.allocate(12 + name.length + 4);
    packet.putShort((short) random.nextInt()).putShort((short) flags).putShort((short) 1);
    packet.position(12).put(name).putShort((short) 1).putShort((short) 1);
    return packet.array();
  }

  private static byte[] name(String... labels) {
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    for (String label : labels) {
      name.write(label.length());
      name.writeBytes(latin(label));
    }
    name.write(0);
    return name.toByteArray();
  }

  private static byte[] noise(Random random, int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] octets(int... values) {
    byte[] octets = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      octets[i] = (byte) values[i];
    }
    return octets;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
