package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.Bytes;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.DhcpOptions;
import io.mammatus.protocols.dhcp4.IpxeFeature;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One network, one machine, one instance, and messages from them. */
final class Fixtures {

  static final Ipv4 SERVER = Ipv4.parse("10.88.0.1");
  static final Ipv4 GATEWAY = Ipv4.parse("10.88.0.254");
  static final Ipv4 MACHINE_ADDRESS = Ipv4.parse("10.88.0.20");
  static final Mac MACHINE = Mac.parse("52:54:00:12:34:56");
  static final Mac INSTANCE = Mac.parse("52:54:00:12:34:99");
  static final Mac STRANGER = Mac.parse("52:54:00:00:00:01");
  static final BootSettings SETTINGS = BootSettings.onPort(8069);

  /** What a folder of loaders may have. */
  static final Set<String> LOADERS =
      Set.of("shimx64.efi", "grubx64.efi", "ipxe-arm64.efi", "raspberry-pi");

  static final BootSettings EVERYTHING = BootSettings.of(LOADERS, SecureBoot.AUTO, 8069, true);

  static final Subnet SUBNET =
      new Subnet(
          "br0",
          SERVER,
          Cidr.parse("10.88.0.0/24"),
          Optional.of(GATEWAY),
          List.of(Ipv4.parse("10.88.0.53")),
          Optional.of("lab.test"),
          Duration.ofHours(1));

  static final Host HOST =
      new Host(Host.Kind.MACHINE, "machine-1", "node-1", Set.of(MACHINE), MACHINE_ADDRESS, true);

  static final Host GUEST =
      new Host(
          Host.Kind.INSTANCE,
          "instance-1",
          "web",
          Set.of(INSTANCE),
          Ipv4.parse("10.88.0.120"),
          false);

  static final SnapshotView VIEW = new SnapshotView(List.of(SUBNET), List.of(HOST, GUEST));

  private Fixtures() {}

  /** A message from {@link #MACHINE} without an address. */
  static DhcpMessage message(DhcpMessageType type, DhcpOption... options) {
    return message(MACHINE, Ipv4.ANY, type, options);
  }

  static DhcpMessage message(Mac mac, Ipv4 ciaddr, DhcpMessageType type, DhcpOption... options) {
    List<DhcpOption> all = new ArrayList<>(Arrays.asList(options));
    all.add(new DhcpOption.MessageType(type));
    return new DhcpMessage(
        DhcpMessage.Op.REQUEST,
        1,
        6,
        0,
        0x1a2b3c4d,
        0,
        false,
        ciaddr,
        Ipv4.ANY,
        Ipv4.ANY,
        Ipv4.ANY,
        mac,
        "",
        "",
        DhcpOptions.of(all));
  }

  static DhcpMessage through(Ipv4 relay, DhcpMessage message) {
    return new DhcpMessage(
        message.op(),
        1,
        6,
        1,
        message.xid(),
        0,
        message.broadcast(),
        message.ciaddr(),
        Ipv4.ANY,
        Ipv4.ANY,
        relay,
        message.chaddr(),
        "",
        "",
        message.options());
  }

  static DhcpOption requested(Ipv4 address) {
    return new DhcpOption.Address(OptionCode.REQUESTED_ADDRESS, address);
  }

  static DhcpOption server(Ipv4 address) {
    return new DhcpOption.Address(OptionCode.SERVER_ID, address);
  }

  static DhcpOption pxe(int arch) {
    return new DhcpOption.Text(
        OptionCode.VENDOR_CLASS, "PXEClient:Arch:%05d:UNDI:003000".formatted(arch));
  }

  static DhcpOption arch(int arch) {
    return new DhcpOption.ClientArch(List.of(arch));
  }

  static DhcpOption ipxe(IpxeFeature... features) {
    Map<Integer, Bytes> flags = new HashMap<>();
    for (IpxeFeature feature : features) {
      flags.put(feature.code(), Bytes.of((byte) 1));
    }
    return new DhcpOption.Ipxe(flags);
  }

  static DhcpOption userClass(String name) {
    return new DhcpOption.UserClass(List.of(name));
  }
}
