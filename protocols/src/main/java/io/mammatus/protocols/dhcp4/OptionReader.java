package io.mammatus.protocols.dhcp4;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.protocols.Bytes;
import io.mammatus.protocols.Decoded;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Gives the octets of one whole option their type. */
final class OptionReader {

  private OptionReader() {}

  /**
   * @param offset where the option began in the packet, for errors only
   */
  static Decoded<DhcpOption> read(int code, byte[] value, int offset) {
    return switch (code) {
      case OptionCode.MESSAGE_TYPE -> messageType(value, offset);
      case OptionCode.SUBNET_MASK,
          OptionCode.BROADCAST_ADDRESS,
          OptionCode.REQUESTED_ADDRESS,
          OptionCode.SUBNET_SELECTION,
          OptionCode.SERVER_ID ->
          value.length == 4
              ? Decoded.ok(new DhcpOption.Address(code, Ipv4.of(value, 0)))
              : Decoded.error(offset, "an address option is not four octets");
      case OptionCode.ROUTERS,
          OptionCode.DNS_SERVERS,
          OptionCode.NTP_SERVERS,
          OptionCode.TFTP_SERVER_ADDRESSES ->
          addresses(code, value, offset);
      case OptionCode.LEASE_TIME, OptionCode.RENEWAL_TIME, OptionCode.REBINDING_TIME ->
          value.length == 4
              ? Decoded.ok(new DhcpOption.Seconds(code, int32(value, 0) & 0xffffffffL))
              : Decoded.error(offset, "a time option is not four octets");
      case OptionCode.HOST_NAME,
          OptionCode.DOMAIN_NAME,
          OptionCode.MESSAGE,
          OptionCode.VENDOR_CLASS,
          OptionCode.TFTP_SERVER_NAME,
          OptionCode.BOOTFILE_NAME,
          OptionCode.CONFIG_FILE,
          OptionCode.PATH_PREFIX ->
          Decoded.ok(new DhcpOption.Text(code, text(value)));
      case OptionCode.PARAMETER_LIST -> parameterList(value);
      case OptionCode.MAX_MESSAGE_SIZE ->
          value.length == 2
              ? Decoded.ok(new DhcpOption.MaxMessageSize(int16(value, 0)))
              : Decoded.error(offset, "maximum message size is not two octets");
      case OptionCode.CLIENT_ID ->
          // RFC 2132, section 9.14 wants two octets at least; some clients send a lone type.
          value.length >= 1
              ? Decoded.ok(
                  new DhcpOption.ClientId(value[0] & 0xff, Bytes.of(value, 1, value.length - 1)))
              : Decoded.error(offset, "client identifier is empty");
      case OptionCode.USER_CLASS -> Decoded.ok(userClass(value));
      case OptionCode.RELAY_AGENT_INFO ->
          Decoded.ok(new DhcpOption.RelayAgentInfo(Bytes.of(value)));
      case OptionCode.CLIENT_ARCH -> architectures(value, offset);
      case OptionCode.CLIENT_UUID -> Decoded.ok(uuid(value));
      case OptionCode.CLIENT_INTERFACE ->
          // RFC 4578, section 2.2: type, major and minor version; some firmware sends other shapes.
          Decoded.ok(
              value.length == 3
                  ? new DhcpOption.ClientInterface(
                      value[0] & 0xff, value[1] & 0xff, value[2] & 0xff)
                  : new DhcpOption.Raw(code, Bytes.of(value)));
      case OptionCode.CLASSLESS_ROUTES, OptionCode.MICROSOFT_CLASSLESS_ROUTES ->
          routes(code, value, offset);
      case OptionCode.INTERFACE_MTU ->
          value.length == 2
              ? Decoded.ok(new DhcpOption.InterfaceMtu(int16(value, 0)))
              : Decoded.error(offset, "an MTU is not two octets");
      case OptionCode.CLIENT_FQDN ->
          value.length >= 3
              ? Decoded.ok(
                  new DhcpOption.ClientFqdn(value[0] & 0xff, Bytes.of(value, 3, value.length - 3)))
              : Decoded.error(offset, "a client's name is shorter than its flags");
      case OptionCode.IPXE -> Decoded.ok(ipxe(value));
      default -> Decoded.ok(new DhcpOption.Raw(code, Bytes.of(value)));
    };
  }

  private static Decoded<DhcpOption> messageType(byte[] value, int offset) {
    if (value.length != 1) {
      return Decoded.error(offset, "message type is not one octet");
    }
    return Decoded.ok(
        DhcpMessageType.of(value[0] & 0xff)
            .<DhcpOption>map(DhcpOption.MessageType::new)
            .orElseGet(() -> new DhcpOption.Raw(OptionCode.MESSAGE_TYPE, Bytes.of(value))));
  }

  private static Decoded<DhcpOption> addresses(int code, byte[] value, int offset) {
    if (value.length == 0 || value.length % 4 != 0) {
      return Decoded.error(offset, "an address list is not a multiple of four octets");
    }
    List<Ipv4> addresses = new ArrayList<>();
    for (int at = 0; at < value.length; at += 4) {
      addresses.add(Ipv4.of(value, at));
    }
    return Decoded.ok(new DhcpOption.Addresses(code, addresses));
  }

  private static Decoded<DhcpOption> parameterList(byte[] value) {
    List<Integer> codes = new ArrayList<>(value.length);
    for (byte code : value) {
      codes.add(code & 0xff);
    }
    return Decoded.ok(new DhcpOption.ParameterList(codes));
  }

  /**
   * RFC 3004, section 4: each class has its length before it. iPXE sends the bare text "iPXE", as
   * do others; where the lengths don't add up, it is that.
   */
  private static DhcpOption userClass(byte[] value) {
    List<String> classes = new ArrayList<>();
    int at = 0;
    while (at < value.length) {
      int length = value[at] & 0xff;
      if (length == 0 || at + 1 + length > value.length) {
        return new DhcpOption.UserClass(List.of(text(value)));
      }
      classes.add(new String(value, at + 1, length, StandardCharsets.ISO_8859_1));
      at += 1 + length;
    }
    return new DhcpOption.UserClass(classes);
  }

  private static Decoded<DhcpOption> architectures(byte[] value, int offset) {
    if (value.length == 0 || value.length % 2 != 0) {
      return Decoded.error(offset, "client architecture is not a list of 16-bit numbers");
    }
    List<Integer> architectures = new ArrayList<>();
    for (int at = 0; at < value.length; at += 2) {
      architectures.add(int16(value, at));
    }
    return Decoded.ok(new DhcpOption.ClientArch(architectures));
  }

  /** RFC 4578, section 2.3 knows type 0 with 16 octets only; other shapes just are not a UUID. */
  private static DhcpOption uuid(byte[] value) {
    if (value.length != 17 || value[0] != 0) {
      return new DhcpOption.Raw(OptionCode.CLIENT_UUID, Bytes.of(value));
    }
    ByteBuffer octets = ByteBuffer.wrap(value, 1, 16);
    return new DhcpOption.ClientUuid(new UUID(octets.getLong(), octets.getLong()));
  }

  /** RFC 3442: prefix length, the significant octets of the destination, the router. */
  private static Decoded<DhcpOption> routes(int code, byte[] value, int offset) {
    List<Route> routes = new ArrayList<>();
    int at = 0;
    while (at < value.length) {
      int prefixLength = value[at] & 0xff;
      int significant = (prefixLength + 7) / 8;
      if (prefixLength > 32 || at + 1 + significant + 4 > value.length) {
        return Decoded.error(offset, "a classless route is cut off or has no such prefix");
      }
      byte[] destination = new byte[4];
      System.arraycopy(value, at + 1, destination, 0, significant);
      // RFC 3442: host bits that are set are to be ignored.
      int mask = prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
      Ipv4 network = new Ipv4(Ipv4.of(destination, 0).bits() & mask);
      routes.add(new Route(new Cidr(network, prefixLength), Ipv4.of(value, at + 1 + significant)));
      at += 1 + significant + 4;
    }
    return Decoded.ok(new DhcpOption.ClasslessRoutes(code, routes));
  }

  /**
   * Encapsulated as the options themselves are. Etherboot and others use 175 for things of their
   * own: what does not add up is not iPXE's.
   */
  private static DhcpOption ipxe(byte[] value) {
    Map<Integer, Bytes> inner = new HashMap<>();
    int at = 0;
    while (at < value.length && (value[at] & 0xff) != OptionCode.END) {
      if (value[at] == OptionCode.PAD) {
        at++;
        continue;
      }
      if (at + 1 >= value.length || at + 2 + (value[at + 1] & 0xff) > value.length) {
        return new DhcpOption.Raw(OptionCode.IPXE, Bytes.of(value));
      }
      int length = value[at + 1] & 0xff;
      inner.put(value[at] & 0xff, Bytes.of(value, at + 2, length));
      at += 2 + length;
    }
    return new DhcpOption.Ipxe(inner);
  }

  /** RFC 2132, section 2: trailing NULs don't belong to the text, and receivers must take them. */
  private static String text(byte[] value) {
    int end = value.length;
    while (end > 0 && value[end - 1] == 0) {
      end--;
    }
    return new String(value, 0, end, StandardCharsets.ISO_8859_1);
  }

  private static int int16(byte[] value, int at) {
    return (value[at] & 0xff) << 8 | value[at + 1] & 0xff;
  }

  private static int int32(byte[] value, int at) {
    return int16(value, at) << 16 | int16(value, at + 2);
  }
}
