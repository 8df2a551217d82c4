package io.mammatus.protocols.tftp;

import io.mammatus.protocols.Bytes;
import io.mammatus.protocols.Decoded;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads and writes TFTP packets; reading never throws, whatever the octets are. */
public final class TftpCodec {

  /** The largest block (RFC 2348) and its header. */
  public static final int MAX_LENGTH = 65464 + 4;

  /** Octets before the content of a data packet. */
  public static final int DATA_HEADER = 4;

  /** RFC 2347: "The maximum size of a request packet is 512 octets." */
  private static final int MAX_REQUEST = 512;

  private static final int MAX_OPTIONS = 16;

  private static final int RRQ = 1;
  private static final int WRQ = 2;
  private static final int DATA = 3;
  private static final int ACK = 4;
  private static final int ERROR = 5;
  private static final int OACK = 6;

  private TftpCodec() {}

  public static Decoded<TftpPacket> decode(byte[] packet) {
    if (packet.length < 4) {
      return Decoded.error(packet.length, "shorter than a TFTP packet");
    }
    if (packet.length > MAX_LENGTH) {
      return Decoded.error(MAX_LENGTH, "longer than a TFTP packet may be");
    }
    int number = int16(packet, 2);
    return switch (int16(packet, 0)) {
      case RRQ, WRQ -> request(packet);
      case DATA -> Decoded.ok(new TftpPacket.Data(number, Bytes.of(packet, 4, packet.length - 4)));
      case ACK -> Decoded.ok(new TftpPacket.Ack(number));
      case ERROR -> Decoded.ok(new TftpPacket.Error(number, errorText(packet)));
      case OACK -> oack(packet);
      default -> Decoded.error(0, "unknown TFTP operation");
    };
  }

  private static Decoded<TftpPacket> request(byte[] packet) {
    if (packet.length > MAX_REQUEST) {
      return Decoded.error(MAX_REQUEST, "request is longer than 512 octets");
    }
    int fileEnd = end(packet, 2);
    int modeEnd = fileEnd < 0 ? -1 : end(packet, fileEnd + 1);
    if (modeEnd < 0) {
      return Decoded.error(2, "file name or mode has no end");
    }
    String file = text(packet, 2, fileEnd);
    String mode = text(packet, fileEnd + 1, modeEnd).toLowerCase(Locale.ROOT);
    boolean read = packet[1] == RRQ;
    return options(packet, modeEnd + 1)
        .map(options ->
            read
                ? new TftpPacket.Rrq(file, mode, options)
                : new TftpPacket.Wrq(file, mode, options));
  }

  private static Decoded<TftpPacket> oack(byte[] packet) {
    if (packet.length > MAX_REQUEST) {
      return Decoded.error(MAX_REQUEST, "option acknowledgement is longer than 512 octets");
    }
    Decoded<Map<String, String>> options = options(packet, 2);
    // RFC 2347: who accepts no option sends none of these.
    return options instanceof Decoded.Ok<Map<String, String>>(Map<String, String> none)
            && none.isEmpty()
        ? Decoded.error(2, "option acknowledgement has no option")
        : options.map(TftpPacket.Oack::new);
  }

  /**
   * Pairs of NUL-terminated names and values. Some ROMs pad their request with NULs: empty names
   * are skipped. An option that comes twice counts once, the first time (RFC 2347: it must not).
   */
  private static Decoded<Map<String, String>> options(byte[] packet, int from) {
    Map<String, String> options = new LinkedHashMap<>();
    int at = from;
    while (at < packet.length) {
      if (packet[at] == 0) {
        at++;
        continue;
      }
      int nameEnd = end(packet, at);
      int valueEnd = nameEnd < 0 ? -1 : end(packet, nameEnd + 1);
      if (valueEnd < 0) {
        return Decoded.error(at, "option has no end");
      }
      if (options.size() == MAX_OPTIONS) {
        return Decoded.error(at, "more than 16 options");
      }
      options.putIfAbsent(
          text(packet, at, nameEnd).toLowerCase(Locale.ROOT), text(packet, nameEnd + 1, valueEnd));
      at = valueEnd + 1;
    }
    return Decoded.ok(options);
  }

  /** The message; the NUL at its end is missing in some clients' packets. */
  private static String errorText(byte[] packet) {
    int end = end(packet, 4);
    int length = Math.min((end < 0 ? packet.length : end) - 4, MAX_REQUEST);
    return new String(packet, 4, Math.max(0, length), StandardCharsets.ISO_8859_1);
  }

  public static byte[] encode(TftpPacket packet) {
    return switch (packet) {
      case TftpPacket.Rrq(String file, String mode, Map<String, String> options) ->
          request(RRQ, file, mode, options);
      case TftpPacket.Wrq(String file, String mode, Map<String, String> options) ->
          request(WRQ, file, mode, options);
      case TftpPacket.Data(int block, Bytes content) -> {
        byte[] octets = new byte[DATA_HEADER + content.length()];
        dataHeader(block, ByteBuffer.wrap(octets));
        content.copyTo(octets, DATA_HEADER);
        yield octets;
      }
      case TftpPacket.Ack(int block) -> new byte[] {0, ACK, (byte) (block >>> 8), (byte) block};
      case TftpPacket.Error(int code, String message) -> {
        ByteArrayOutputStream octets = begin(ERROR);
        octets.write(code >>> 8);
        octets.write(code);
        string(octets, message);
        yield octets.toByteArray();
      }
      case TftpPacket.Oack(Map<String, String> options) -> {
        ByteArrayOutputStream octets = begin(OACK);
        options(octets, options);
        yield octets.toByteArray();
      }
    };
  }

  /**
   * Writes the first four octets of a data packet, for a sender that reads the file's content
   * straight into the packet.
   *
   * @param block the block's number, of which the low 16 bits go on the wire
   */
  public static void dataHeader(long block, ByteBuffer packet) {
    packet.putShort((short) DATA).putShort((short) block);
  }

  /**
   * The block that a packet acknowledges, for a sender that allocates nothing for it.
   *
   * @param packet in network byte order; left as it is
   * @return 0 to 65535; -1 if it is another packet, to be given to {@link #decode}
   */
  public static int acknowledgedBlock(ByteBuffer packet) {
    int at = packet.position();
    return packet.remaining() >= 4 && packet.getShort(at) == ACK
        ? packet.getShort(at + 2) & 0xffff
        : -1;
  }

  private static byte[] request(
      int operation, String file, String mode, Map<String, String> options) {
    ByteArrayOutputStream octets = begin(operation);
    string(octets, file);
    string(octets, mode);
    options(octets, options);
    return octets.toByteArray();
  }

  private static ByteArrayOutputStream begin(int operation) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    octets.write(0);
    octets.write(operation);
    return octets;
  }

  private static void options(ByteArrayOutputStream octets, Map<String, String> options) {
    options.forEach((name, value) -> {
      string(octets, name);
      string(octets, value);
    });
  }

  private static void string(ByteArrayOutputStream octets, String text) {
    octets.writeBytes(text.replace("\0", "").getBytes(StandardCharsets.ISO_8859_1));
    octets.write(0);
  }

  private static int end(byte[] packet, int from) {
    for (int at = from; at < packet.length; at++) {
      if (packet[at] == 0) {
        return at;
      }
    }
    return -1;
  }

  private static String text(byte[] packet, int from, int to) {
    return new String(packet, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static int int16(byte[] packet, int at) {
    return (packet[at] & 0xff) << 8 | packet[at + 1] & 0xff;
  }
}
