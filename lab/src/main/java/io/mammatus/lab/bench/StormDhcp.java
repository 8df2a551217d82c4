package io.mammatus.lab.bench;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The few DHCP packets that firmware sends and understands (RFC 2131, section 2; PXE 2.1, table
 * 2-1). Written for this; it has no line in common with the server.
 */
final class StormDhcp {

  static final int DISCOVER = 1;
  static final int OFFER = 2;
  static final int REQUEST = 3;
  static final int ACK = 5;

  private static final int MAGIC = 0x63825363;
  private static final int OPTIONS = 240;
  private static final int FILE = 108;
  private static final int FILE_LENGTH = 128;
  private static final int XID = 4;
  private static final int YOUR_ADDRESS = 16;
  private static final short BROADCAST = (short) 0x8000;

  /** What iPXE's EFI build says of itself (option 175): HTTP and EFI. */
  private static final byte[] IPXE_FEATURES = {0x13, 1, 1, 0x24, 1, 1};

  private static final byte[] WANTED = {1, 3, 6, 12, 15, 28, 43, 51, 54, 60, 66, 67, 97};

  private StormDhcp() {}

  /**
   * Who asks.
   *
   * @param number of the machine, which its UUID is made of
   * @param ipxe the loader that was fetched asks, no longer the firmware
   */
  record Client(int number, Mac mac, boolean ipxe) {
    /** One half of the machines, as one half of all firmware, takes unicast replies. */
    boolean wantsBroadcast() {
      return number % 2 == 0;
    }
  }

  /** What was offered and is asked for. */
  record Offered(Ipv4 address, Ipv4 server) {}

  /** A server's packet. */
  record Reply(int xid, int type, Ipv4 address, Ipv4 server, String bootFile) {}

  /**
   * @param seconds since the client began
   * @param offered the offer that is taken; none to discover
   */
  static byte[] packet(Client client, int xid, int seconds, Optional<Offered> offered) {
    ByteBuffer packet = ByteBuffer.allocate(1024);
    packet.put((byte) 1).put((byte) 1).put((byte) 6).put((byte) 0).putInt(xid);
    packet.putShort((short) seconds).putShort(client.wantsBroadcast() ? BROADCAST : 0);
    packet.position(28).put(client.mac.octets());
    packet.position(OPTIONS - 4).putInt(MAGIC);
    option(packet, 53, (byte) (offered.isPresent() ? REQUEST : DISCOVER));
    option(packet, 57, (byte) (1472 >> 8), (byte) 1472);
    option(packet, 55, WANTED);
    option(packet, 60, text("PXEClient:Arch:00007:UNDI:003016"));
    option(packet, 93, (byte) 0, (byte) 7);
    option(packet, 94, (byte) 1, (byte) 3, (byte) 16);
    option(packet, 97, uuid(client));
    if (client.ipxe) {
      option(packet, 77, text("iPXE"));
      option(packet, 175, IPXE_FEATURES);
    }
    offered.ifPresent(taken -> {
      option(packet, 50, taken.address.octets());
      option(packet, 54, taken.server.octets());
    });
    packet.put((byte) 255);
    byte[] octets = new byte[Math.max(packet.position(), 300)]; // BOOTP's least, RFC 1542, 2.1
    packet.get(0, octets);
    return octets;
  }

  /** What is no reply is nothing: who else speaks on this port is of no interest. */
  static Optional<Reply> parse(byte[] octets) {
    ByteBuffer packet = ByteBuffer.wrap(octets);
    if (octets.length < OPTIONS || octets[0] != 2 || packet.getInt(OPTIONS - 4) != MAGIC) {
      return Optional.empty();
    }
    int type = 0;
    Ipv4 server = Ipv4.ANY;
    String file = string(octets, FILE, FILE_LENGTH);
    int at = OPTIONS;
    while (at + 1 < octets.length && octets[at] != (byte) 255) {
      int length = octets[at] == 0 ? -1 : octets[at + 1] & 0xff;
      if (at + 2 + length > octets.length) {
        return Optional.empty();
      }
      switch (octets[at] & 0xff) {
        case 53 -> type = octets[at + 2];
        case 54 -> server = Ipv4.of(octets, at + 2);
        case 67 -> file = string(octets, at + 2, length);
        default -> {}
      }
      at += 2 + length;
    }
    Ipv4 address = Ipv4.of(octets, YOUR_ADDRESS);
    return Optional.of(new Reply(packet.getInt(XID), type, address, server, file));
  }

  private static void option(ByteBuffer packet, int code, byte... value) {
    packet.put((byte) code).put((byte) value.length).put(value);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** RFC 4578, section 2.3: type 0, then the UUID. */
  private static byte[] uuid(Client client) {
    return ByteBuffer.allocate(17)
        .put((byte) 0)
        .putLong(0x73746f726dL)
        .putLong(client.number)
        .array();
  }

  private static String string(byte[] octets, int from, int atMost) {
    int length = 0;
    while (length < atMost && octets[from + length] != 0) {
      length++;
    }
    return new String(octets, from, length, StandardCharsets.US_ASCII);
  }
}
