package io.mammatus.protocols.dhcp4;

import io.mammatus.protocols.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

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
  private static final int[] FIRST = {
    OptionCode.MESSAGE_TYPE, OptionCode.SERVER_ID, OptionCode.LEASE_TIME, OptionCode.SUBNET_MASK
  };

  /** All of them together, three of them with an address or a time; whoever relays leaves it. */
  private static final int FIRST_LENGTH = 3 + 3 * 6;

  private DhcpEncoder() {}

  /** An option whose value is octets already. */
  private record Ready(int code, byte[] value) {

    static Ready of(DhcpOption option) {
      return new Ready(option.code(), OptionWriter.value(option));
    }

    private int pieces() {
      return Math.max(1, (value.length + 254) / 255);
    }

    int length() {
      return value.length + 2 * pieces();
    }

    boolean isFirst() {
      for (int first : FIRST) {
        if (code == first) {
          return true;
        }
      }
      return false;
    }

    /** Code, length and value; a value over 255 octets in several pieces (RFC 3396, section 6). */
    void put(ByteBuffer packet) {
      int pieces = pieces();
      for (int i = 0; i < pieces; i++) {
        int length = Math.min(255, value.length - 255 * i);
        packet.put((byte) code).put((byte) length).put(value, 255 * i, length);
      }
    }
  }

  /** Encodes a message for a client that asked for nothing in particular. */
  public static Bytes encode(DhcpMessage message) {
    return encode(message, List.of(), Optional.empty());
  }

  /** Encodes the answer to {@code request}: in its order and within its size. */
  public static Bytes encodeReply(DhcpMessage reply, DhcpMessage request) {
    return encodeReply(reply, request, _ -> {});
  }

  /**
   * Encodes the answer to {@code request}: in its order and within its size.
   *
   * @param leftOut told the code of each option that found no room
   */
  public static Bytes encodeReply(DhcpMessage reply, DhcpMessage request, IntConsumer leftOut) {
    return encode(
        reply,
        request.options().parameterList(),
        request
            .options()
            .get(OptionCode.MAX_MESSAGE_SIZE, DhcpOption.MaxMessageSize.class)
            .map(DhcpOption.MaxMessageSize::octets),
        leftOut);
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
    return encode(message, parameterList, maxMessageSize, _ -> {});
  }

  private static Bytes encode(
      DhcpMessage message,
      List<Integer> parameterList,
      Optional<Integer> maxMessageSize,
      IntConsumer leftOut) {
    int size = maxMessageSize.orElse(DEFAULT_MAX_MESSAGE_SIZE);
    int room =
        Math.clamp(size, DEFAULT_MAX_MESSAGE_SIZE, MAX_MESSAGE_SIZE)
            - IP_AND_UDP_HEADERS
            - DhcpDecoder.OPTIONS
            - 1;
    Ready relay = relay(message, room);
    int relayLength = relay == null ? 0 : relay.length();
    List<Ready> ordered = ordered(message.options(), parameterList);
    int all = 0;
    for (Ready option : ordered) {
      all += option.length();
    }
    byte[] octets =
        new byte
            [Math.max(MIN_LENGTH, DhcpDecoder.OPTIONS + all + OVERLOAD_LENGTH + relayLength + 1)];
    ByteBuffer packet = ByteBuffer.wrap(octets);
    header(message, packet);
    if (all <= room - relayLength) {
      ordered.forEach(option -> option.put(packet));
    } else {
      squeeze(message, ordered, room - relayLength - OVERLOAD_LENGTH, packet)
          .forEach(option -> leftOut.accept(option.code));
    }
    if (relay != null) {
      relay.put(packet);
    }
    packet.put((byte) OptionCode.END);
    int length = Math.max(packet.position(), MIN_LENGTH);
    return Bytes.owning(length == octets.length ? octets : Arrays.copyOf(octets, length));
  }

  /** Relay agent information, if it leaves room for what a client needs. */
  private static @Nullable Ready relay(DhcpMessage message, int room) {
    DhcpOption found = message.options().find(OptionCode.RELAY_AGENT_INFO);
    Ready relay = found == null ? null : Ready.of(found);
    return relay != null && relay.length() <= room - FIRST_LENGTH - OVERLOAD_LENGTH ? relay : null;
  }

  /**
   * What has no room among the options goes into the header's fields, as far as it has one there.
   *
   * @return what has none at all
   */
  private static List<Ready> squeeze(
      DhcpMessage message, List<Ready> ordered, int room, ByteBuffer packet) {
    int left = room;
    List<Ready> later = new ArrayList<>();
    for (Ready option : ordered) {
      if (option.length() <= left || option.isFirst()) {
        option.put(packet);
        left -= option.length();
      } else {
        later.add(option);
      }
    }
    int fields = overload(message, later, packet);
    if (fields != 0) {
      packet.put((byte) OptionCode.OVERLOAD).put((byte) 1).put((byte) fields);
    }
    return later;
  }

  /**
   * Puts what found no room into the header's {@code file} and {@code sname}, where nothing else is
   * in them (RFC 2131, section 4.1). What is too long for either is left out.
   *
   * @return the value of option 52: 0 if nothing was put there
   */
  private static int overload(DhcpMessage message, List<Ready> later, ByteBuffer packet) {
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
  private static boolean fill(ByteBuffer packet, int offset, int length, List<Ready> later) {
    ByteBuffer field = packet.duplicate().position(offset).limit(offset + length);
    later.removeIf(option -> {
      boolean fits = option.length() < field.remaining();
      if (fits) {
        option.put(field);
      }
      return fits;
    });
    boolean filled = field.position() > offset;
    if (filled) {
      field.put((byte) OptionCode.END);
    }
    return filled;
  }

  /** Encoded; each code once, and relay agent information not at all. */
  private static List<Ready> ordered(DhcpOptions options, List<Integer> parameterList) {
    List<Ready> ordered = new ArrayList<>(options.size());
    BitSet written = new BitSet(256);
    written.set(OptionCode.RELAY_AGENT_INFO);
    for (int code : FIRST) {
      add(options.find(code), written, ordered);
    }
    for (int i = 0; i < parameterList.size(); i++) {
      add(options.find(parameterList.get(i)), written, ordered);
    }
    for (int i = 0; i < options.size(); i++) {
      add(options.at(i), written, ordered);
    }
    return ordered;
  }

  private static void add(@Nullable DhcpOption option, BitSet written, List<Ready> ordered) {
    if (option != null && !written.get(option.code())) {
      written.set(option.code());
      ordered.add(Ready.of(option));
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
    if (text.isEmpty()) {
      return;
    }
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    packet.position(offset).put(octets, 0, Math.min(octets.length, length - 1));
  }
}
