package io.mammatus.protocols.dhcp4;

import io.mammatus.protocols.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Writes a DHCP message as the payload of a UDP datagram. */
public final class DhcpEncoder {

  /** RFC 1542, section 2.1: relays and old ROMs drop BOOTP messages shorter than this. */
  public static final int MIN_LENGTH = 300;

  /**
   * RFC 2131, section 2: every client takes a message of 576 octets, IP and UDP headers included.
   */
  public static final int DEFAULT_MAX_MESSAGE_SIZE = 576;

  private static final int MAX_MESSAGE_SIZE = 1500;
  private static final int IP_AND_UDP_HEADERS = 28;

  /** RFC 2132, section 9.3: code, length and value of the option itself. */
  private static final int OVERLOAD_LENGTH = 3;

  /** What a client cannot do without: written first, and never left out for want of room. */
  private static final List<Integer> FIRST =
      List.of(
          OptionCode.MESSAGE_TYPE,
          OptionCode.SERVER_ID,
          OptionCode.LEASE_TIME,
          OptionCode.SUBNET_MASK);

  /** All of them together, three of them with an address or a time; whoever relays leaves it. */
  private static final int FIRST_LENGTH = 3 + 3 * 6;

  private DhcpEncoder() {}

  /** Encodes a message for a client that asked for nothing in particular. */
  public static Bytes encode(DhcpMessage message) {
    return encode(message, List.of(), Optional.empty());
  }

  /** Encodes the answer to {@code request}: in its order and within its size. */
  public static Bytes encodeReply(DhcpMessage reply, DhcpMessage request) {
    return encode(
        reply,
        request.options().parameterList(),
        request
            .options()
            .get(OptionCode.MAX_MESSAGE_SIZE, DhcpOption.MaxMessageSize.class)
            .map(DhcpOption.MaxMessageSize::octets));
  }

  /**
   * Options come as: message type, server identifier, lease time and mask; those that {@code
   * parameterList} names in its order; the rest in the message's order; relay agent information
   * last (RFC 3046, section 2.2). Options that don't fit go into the header's unused fields (option
   * 52), and what does not fit there either is left out, save the first four and the last.
   *
   * @param maxMessageSize octets, IP and UDP headers included; clients differ on whether they are,
   *     and this reading suits both. Less than 576 is taken as 576 (RFC 2132, section 9.10), more
   *     than an Ethernet frame as 1500.
   */
  public static Bytes encode(
      DhcpMessage message, List<Integer> parameterList, Optional<Integer> maxMessageSize) {
    int size = maxMessageSize.orElse(DEFAULT_MAX_MESSAGE_SIZE);
    int room =
        Math.clamp(size, DEFAULT_MAX_MESSAGE_SIZE, MAX_MESSAGE_SIZE)
            - IP_AND_UDP_HEADERS
            - DhcpDecoder.OPTIONS
            - 1;
    byte[] relay =
        message
            .options()
            .get(OptionCode.RELAY_AGENT_INFO)
            .map(DhcpEncoder::option)
            .filter(octets -> octets.length <= room - FIRST_LENGTH - OVERLOAD_LENGTH)
            .orElse(new byte[0]);
    List<byte[]> ordered = ordered(message.options(), parameterList);
    int all = 0;
    for (byte[] octets : ordered) {
      all += octets.length;
    }
    ByteBuffer packet =
        ByteBuffer.allocate(DhcpDecoder.OPTIONS + all + OVERLOAD_LENGTH + relay.length + 1);
    header(message, packet);
    int left = room - relay.length;
    List<byte[]> later = new ArrayList<>();
    boolean tight = all > left;
    left -= tight ? OVERLOAD_LENGTH : 0;
    for (byte[] octets : ordered) {
      if (octets.length <= left || FIRST.contains(octets[0] & 0xff)) {
        packet.put(octets);
        left -= octets.length;
      } else {
        later.add(octets);
      }
    }
    int fields = tight ? overload(message, later, packet) : 0;
    if (fields != 0) {
      packet.put((byte) OptionCode.OVERLOAD).put((byte) 1).put((byte) fields);
    }
    packet.put(relay).put((byte) OptionCode.END);
    int length = Math.max(packet.position(), MIN_LENGTH);
    return Bytes.owning(Arrays.copyOf(packet.array(), length));
  }

  /**
   * Puts what found no room into the header's {@code file} and {@code sname}, where nothing else is
   * in them (RFC 2131, section 4.1). What is too long for either is left out.
   *
   * @return the value of option 52: 0 if nothing was put there
   */
  private static int overload(DhcpMessage message, List<byte[]> later, ByteBuffer packet) {
    int fields = 0;
    if (message.file().isEmpty()
        && fill(packet, DhcpDecoder.FILE, DhcpDecoder.FILE_LENGTH, later)) {
      fields |= 1;
    }
    if (message.sname().isEmpty()
        && fill(packet, DhcpDecoder.SNAME, DhcpDecoder.SNAME_LENGTH, later)) {
      fields |= 2;
    }
    return fields;
  }

  /** Fills one field with those that fit, which are taken out, and an end; false if none does. */
  private static boolean fill(ByteBuffer packet, int offset, int length, List<byte[]> later) {
    int at = offset;
    for (byte[] octets : List.copyOf(later)) {
      if (at + octets.length < offset + length) {
        packet.put(at, octets);
        at += octets.length;
        later.remove(octets);
      }
    }
    if (at > offset) {
      packet.put(at, (byte) OptionCode.END);
    }
    return at > offset;
  }

  /** Encoded; each code once, and relay agent information not at all. */
  private static List<byte[]> ordered(DhcpOptions options, List<Integer> parameterList) {
    List<byte[]> ordered = new ArrayList<>(options.all().size());
    BitSet written = new BitSet();
    written.set(OptionCode.RELAY_AGENT_INFO);
    for (List<Integer> wanted : List.of(FIRST, parameterList)) {
      for (Integer code : wanted) {
        options.get(code).ifPresent(option -> add(option, written, ordered));
      }
    }
    options.all().forEach(option -> add(option, written, ordered));
    return ordered;
  }

  private static void add(DhcpOption option, BitSet written, List<byte[]> ordered) {
    if (!written.get(option.code())) {
      written.set(option.code());
      ordered.add(option(option));
    }
  }

  private static void header(DhcpMessage message, ByteBuffer packet) {
    packet.put((byte) (message.op().ordinal() + 1));
    packet.put((byte) message.htype());
    packet.put((byte) message.hlen());
    packet.put((byte) message.hops());
    packet.putInt(message.xid());
    packet.putShort((short) message.secs());
    packet.putShort((short) (message.broadcast() ? 0x8000 : 0));
    packet.putInt(message.ciaddr().bits());
    packet.putInt(message.yiaddr().bits());
    packet.putInt(message.siaddr().bits());
    packet.putInt(message.giaddr().bits());
    packet.put(message.chaddr().octets());
    text(packet, message.sname(), DhcpDecoder.SNAME, DhcpDecoder.SNAME_LENGTH);
    text(packet, message.file(), DhcpDecoder.FILE, DhcpDecoder.FILE_LENGTH);
    packet.position(DhcpDecoder.COOKIE);
    packet.putInt(DhcpDecoder.MAGIC);
  }

  /** Cut so that the terminating NUL stays (RFC 2131, section 2). */
  private static void text(ByteBuffer packet, String text, int offset, int length) {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    packet.position(offset).put(octets, 0, Math.min(octets.length, length - 1));
  }

  /** Code, length and value; a value over 255 octets in several pieces (RFC 3396, section 6). */
  private static byte[] option(DhcpOption option) {
    byte[] value = OptionWriter.value(option);
    int pieces = Math.max(1, (value.length + 254) / 255);
    ByteBuffer octets = ByteBuffer.allocate(value.length + 2 * pieces);
    for (int i = 0; i < pieces; i++) {
      int length = Math.min(255, value.length - 255 * i);
      octets.put((byte) option.code()).put((byte) length).put(value, 255 * i, length);
    }
    return octets.array();
  }
}
