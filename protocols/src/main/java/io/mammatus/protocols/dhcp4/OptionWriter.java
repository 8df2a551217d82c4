package io.mammatus.protocols.dhcp4;

import io.mammatus.core.net.Ipv4;
import io.mammatus.protocols.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The octets of one option's value, without code and length. */
final class OptionWriter {

  private OptionWriter() {}

  static byte[] value(DhcpOption option) {
    return switch (option) {
      case DhcpOption.MessageType(DhcpMessageType type) -> new byte[] {(byte) type.code()};
      case DhcpOption.Address(int _, Ipv4 address) -> address.octets();
      case DhcpOption.Addresses list -> addresses(list);
      case DhcpOption.Seconds(int _, long seconds) ->
          ByteBuffer.allocate(4).putInt((int) seconds).array();
      case DhcpOption.Text(int _, String text) -> text.getBytes(StandardCharsets.ISO_8859_1);
      case DhcpOption.ParameterList list -> codes(list);
      case DhcpOption.MaxMessageSize(int octets) ->
          ByteBuffer.allocate(2).putShort((short) octets).array();
      case DhcpOption.ClientId(int type, Bytes id) -> prefixed(type, id.toArray());
      case DhcpOption.UserClass userClass -> userClass(userClass);
      case DhcpOption.RelayAgentInfo(Bytes content) -> content.toArray();
      case DhcpOption.ClientArch list -> architectures(list);
      case DhcpOption.ClientUuid id ->
          ByteBuffer.allocate(17)
              .put((byte) 0)
              .putLong(id.uuid().getMostSignificantBits())
              .putLong(id.uuid().getLeastSignificantBits())
              .array();
      case DhcpOption.ClientInterface(int type, int major, int minor) ->
          new byte[] {(byte) type, (byte) major, (byte) minor};
      case DhcpOption.ClasslessRoutes list -> routes(list);
      case DhcpOption.InterfaceMtu(int octets) ->
          ByteBuffer.allocate(2).putShort((short) octets).array();
      case DhcpOption.DomainSearch(List<String> domains) -> DomainNames.wire(domains);
      case DhcpOption.ClientFqdn fqdn -> fqdn(fqdn);
      case DhcpOption.Ipxe ipxe -> ipxe(ipxe);
      case DhcpOption.Raw(int _, Bytes content) -> content.toArray();
    };
  }

  private static byte[] addresses(DhcpOption.Addresses list) {
    ByteBuffer octets = ByteBuffer.allocate(4 * list.addresses().size());
    list.addresses().forEach(address -> octets.putInt(address.bits()));
    return octets.array();
  }

  private static byte[] codes(DhcpOption.ParameterList list) {
    ByteBuffer octets = ByteBuffer.allocate(list.codes().size());
    list.codes().forEach(code -> octets.put(code.byteValue()));
    return octets.array();
  }

  private static byte[] architectures(DhcpOption.ClientArch list) {
    ByteBuffer octets = ByteBuffer.allocate(2 * list.architectures().size());
    list.architectures().forEach(arch -> octets.putShort(arch.shortValue()));
    return octets.array();
  }

  private static byte[] prefixed(int type, byte[] rest) {
    return ByteBuffer.allocate(1 + rest.length).put((byte) type).put(rest).array();
  }

  /** RFC 3004, section 4. A class is at most 255 octets; a longer one is cut. */
  private static byte[] userClass(DhcpOption.UserClass option) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (String name : option.classes()) {
      byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
      int length = Math.min(text.length, 255);
      octets.write(length);
      octets.write(text, 0, length);
    }
    return octets.toByteArray();
  }

  /** Flags, two result codes that are 255 in every message of a server (RFC 4702, section 2.2). */
  private static byte[] fqdn(DhcpOption.ClientFqdn option) {
    byte[] name = option.name().toArray();
    return ByteBuffer.allocate(3 + name.length)
        .put((byte) option.flags())
        .put((byte) 255)
        .put((byte) 255)
        .put(name)
        .array();
  }

  /** RFC 3442: only as many octets of the destination as its prefix covers. */
  private static byte[] routes(DhcpOption.ClasslessRoutes option) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (Route route : option.routes()) {
      int prefixLength = route.destination().prefixLength();
      octets.write(prefixLength);
      octets.write(route.destination().address().octets(), 0, (prefixLength + 7) / 8);
      octets.writeBytes(route.router().octets());
    }
    return octets.toByteArray();
  }

  private static byte[] ipxe(DhcpOption.Ipxe option) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (Map.Entry<Integer, Bytes> inner : new TreeMap<>(option.options()).entrySet()) {
      int length = Math.min(inner.getValue().length(), 255);
      octets.write(inner.getKey());
      octets.write(length);
      octets.write(inner.getValue().toArray(), 0, length);
    }
    return octets.toByteArray();
  }
}
