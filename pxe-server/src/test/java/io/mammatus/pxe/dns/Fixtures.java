package io.mammatus.pxe.dns;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Two networks that share a domain, one without, and who is on them. */
final class Fixtures {

  static final Ipv4 INSIDE = Ipv4.parse("10.20.1.5");
  static final Ipv4 STRANGER = Ipv4.parse("198.51.100.7");
  static final Name DEFAULT_ZONE = Name.fromConstantString("mammatus.internal.");
  static final long SERIAL = 42;

  private Fixtures() {}

  static Subnet subnet(
      String interfaceName, String cidr, String server, String gateway, String domain) {
    return new Subnet(
        interfaceName,
        Ipv4.parse(server),
        Cidr.parse(cidr),
        Optional.of(Ipv4.parse(gateway)),
        List.of(),
        domain.isEmpty() ? Optional.empty() : Optional.of(domain),
        Duration.ofHours(1));
  }

  static Host machine(String name, String address) {
    return host(Host.Kind.MACHINE, name, address);
  }

  static Host instance(String name, String address) {
    return host(Host.Kind.INSTANCE, name, address);
  }

  private static Host host(Host.Kind kind, String name, String address) {
    Ipv4 ipv4 = Ipv4.parse(address);
    Mac mac = Mac.parse("52:54:00:00:%02x:%02x".formatted(ipv4.octets()[2], ipv4.octets()[3]));
    return new Host(kind, "id-" + name, name, Set.of(mac), ipv4, true);
  }

  static BootView view() {
    return new SnapshotView(
        List.of(
            subnet("eno1", "10.20.0.0/16", "10.20.0.1", "10.20.0.254", "rack.test"),
            subnet("eno2", "10.30.4.0/22", "10.30.4.1", "10.30.4.1", "rack.test"),
            subnet("eno3", "192.0.2.128/26", "192.0.2.129", "192.0.2.130", ""),
            subnet("eno4", "10.40.0.0/24", "10.40.0.1", "10.40.0.1", "deep.down.rack.test")),
        List.of(
            machine("node-1", "10.20.1.5"),
            machine("node-2", "10.30.5.6"),
            machine("both", "10.20.1.7"),
            instance("both", "10.20.1.8"),
            instance("gateway", "10.20.1.9"),
            instance("ip-10-20-1-5", "10.20.1.10"),
            machine("odd", "192.0.2.140"),
            machine("low", "10.40.0.9")));
  }

  static Zones zones() {
    return new Zones(view(), DEFAULT_ZONE, SERIAL);
  }

  static DnsQuery query(String name, int type) {
    return new DnsQuery(
        7, Name.fromConstantString(name), type, DClass.IN, true, false, Optional.empty());
  }

  /** As a client sends it, with EDNS. */
  static byte[] packet(String name, int type) {
    Message message =
        Message.newQuery(Record.newRecord(Name.fromConstantString(name), type, DClass.IN));
    message.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
    return message.toWire(512);
  }
}
