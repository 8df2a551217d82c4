package io.mammatus.protocols.dhcp4;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.dhcp4.DhcpMessage.Op;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a DHCP message from the payload of a UDP datagram. */
public final class DhcpDecoder {

  /** Longer than any Ethernet frame's payload, jumbo frames aside; what is longer is not read. */
  public static final int MAX_LENGTH = 4096;

  static final int SNAME = 44;
  static final int SNAME_LENGTH = 64;
  static final int FILE = 108;
  static final int FILE_LENGTH = 128;
  static final int COOKIE = 236;
  static final int OPTIONS = 240;

  /** RFC 2131, section 3: the first four octets of the options field. */
  static final int MAGIC = 0x63825363;

  private final byte[] packet;
  private final List<Piece> pieces = new ArrayList<>(16);
  private final @Nullable Piece[] byCode = new Piece[256];

  private DhcpDecoder(byte[] packet) {
    this.packet = packet;
  }

  /** An option's octets so far, and where the first of them were. */
  private static final class Piece {
    final int code;
    final int offset;
    byte[] content;

    Piece(int code, int offset, byte[] content) {
      this.code = code;
      this.offset = offset;
      this.content = content;
    }
  }

  /** Never throws, whatever the octets are. */
  public static Decoded<DhcpMessage> decode(byte[] packet) {
    if (packet.length < OPTIONS) {
      return Decoded.error(packet.length, "shorter than a DHCP message");
    }
    if (packet.length > MAX_LENGTH) {
      return Decoded.error(MAX_LENGTH, "longer than a DHCP message may be");
    }
    return new DhcpDecoder(packet).header();
  }

  /** Whose packet it says that it is, also where the rest of it cannot be read. */
  public static Optional<Mac> card(byte[] packet) {
    boolean readable =
        packet.length >= SNAME && packet[1] == DhcpMessage.ETHERNET && packet[2] == 6;
    return readable ? Optional.of(Mac.of(packet, 28)) : Optional.empty();
  }

  private Decoded<DhcpMessage> header() {
    int op = packet[0] & 0xff;
    if (op != 1 && op != 2) {
      return Decoded.error(0, "op is neither request nor reply");
    }
    if (packet[1] != DhcpMessage.ETHERNET || packet[2] != 6) {
      return Decoded.error(1, "hardware address is not Ethernet");
    }
    if (int32(COOKIE) != MAGIC) {
      return Decoded.error(COOKIE, "no DHCP magic cookie");
    }
    return switch (options()) {
      case Decoded.DecodeError<Overloaded> error -> error.of();
      case Decoded.Ok<Overloaded>(Overloaded result) ->
          Decoded.ok(message(op == 1 ? Op.REQUEST : Op.REPLY, result));
    };
  }

  private DhcpMessage message(Op op, Overloaded result) {
    return new DhcpMessage(
        op,
        packet[1] & 0xff,
        packet[2] & 0xff,
        packet[3] & 0xff,
        int32(4),
        int16(8),
        (packet[10] & 0x80) != 0, // RFC 2131, figure 2: B is the leftmost bit of flags
        Ipv4.of(packet, 12),
        Ipv4.of(packet, 16),
        Ipv4.of(packet, 20),
        Ipv4.of(packet, 24),
        Mac.of(packet, 28),
        result.sname ? "" : text(SNAME, SNAME_LENGTH),
        result.file ? "" : text(FILE, FILE_LENGTH),
        result.options);
  }

  private record Overloaded(boolean file, boolean sname, DhcpOptions options) {}

  private Decoded<Overloaded> options() {
    int bad = collect(OPTIONS, packet.length);
    if (bad >= 0) {
      return Decoded.error(bad, "option runs past the end");
    }
    Piece overload = byCode[OptionCode.OVERLOAD];
    int fields = 0;
    if (overload != null) {
      byte[] value = overload.content;
      if (value.length != 1 || value[0] < 1 || value[0] > 3) {
        return Decoded.error(overload.offset, "option overload is not 1, 2 or 3");
      }
      fields = value[0];
    }
    // RFC 3396, section 5: the options field, then file, then sname.
    if ((fields & 1) != 0) {
      bad = collect(FILE, FILE + FILE_LENGTH);
    }
    if (bad < 0 && (fields & 2) != 0) {
      bad = collect(SNAME, SNAME + SNAME_LENGTH);
    }
    if (bad >= 0) {
      return Decoded.error(bad, "option runs past the end of its field");
    }
    boolean file = (fields & 1) != 0;
    boolean sname = (fields & 2) != 0;
    return read().map(options -> new Overloaded(file, sname, options));
  }

  /**
   * Adds the options between two offsets to {@link #pieces}; the same code again continues the
   * value (RFC 3396, section 7). A missing end option is tolerated, as all servers do.
   *
   * @return the offset of an option that is cut off, or -1
   */
  private int collect(int from, int to) {
    int at = from;
    while (at < to) {
      int code = packet[at] & 0xff;
      if (code == OptionCode.END) {
        return -1;
      }
      if (code == OptionCode.PAD) {
        at++;
        continue;
      }
      if (at + 1 >= to) {
        return at;
      }
      int length = packet[at + 1] & 0xff;
      if (at + 2 + length > to) {
        return at;
      }
      add(code, at, length);
      at += 2 + length;
    }
    return -1;
  }

  private void add(int code, int at, int length) {
    Piece begun = byCode[code];
    if (begun == null) {
      Piece piece = new Piece(code, at, Arrays.copyOfRange(packet, at + 2, at + 2 + length));
      byCode[code] = piece;
      pieces.add(piece);
    } else {
      int before = begun.content.length;
      begun.content = Arrays.copyOf(begun.content, before + length);
      System.arraycopy(packet, at + 2, begun.content, before, length);
    }
  }

  private Decoded<DhcpOptions> read() {
    List<DhcpOption> options = new ArrayList<>(pieces.size());
    for (Piece piece : pieces) {
      if (piece.code == OptionCode.OVERLOAD) {
        continue; // it is done with; and inside an overloaded field it means nothing
      }
      switch (OptionReader.read(piece.code, piece.content, piece.offset)) {
        case Decoded.Ok<DhcpOption>(DhcpOption option) -> options.add(option);
        case Decoded.DecodeError<DhcpOption> error -> {
          return error.of();
        }
      }
    }
    return Decoded.ok(DhcpOptions.of(options));
  }

  /** Up to the first NUL (RFC 2131, section 2: "null terminated string"). */
  private String text(int offset, int length) {
    int end = offset;
    while (end < offset + length && packet[end] != 0) {
      end++;
    }
    return new String(packet, offset, end - offset, StandardCharsets.ISO_8859_1);
  }

  private int int16(int offset) {
    return (packet[offset] & 0xff) << 8 | packet[offset + 1] & 0xff;
  }

  private int int32(int offset) {
    return int16(offset) << 16 | int16(offset + 2);
  }
}
