package io.mammatus.pxe.dns;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.pxe.lease.LeasedNames;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import io.mammatus.store.lease.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

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
    return zones(view(), DEFAULT_ZONE, SERIAL);
  }

  /** At noon, with guests in two networks. */
  static Zones zones(BootView view, Name defaultZone, long serial) {
    return new Zones(view, defaultZone, serial, guests(), () -> NOON);
  }

  private static LeasedNames guests() {
    LeasedNames names = new LeasedNames();
    names.told(guest("10.20.9.1", "Laptop", 1));
    names.told(guest("10.20.9.2", "laptop", 2)); // newer
    names.told(guest("192.0.2.150", "laptop", 3)); // newest, in another zone
    names.told(guest("10.20.9.3", "node-1", 1));
    names.told(guest("10.20.9.4", "gateway", 1));
    names.told(guest("10.20.9.5", "late", -2 * 60)); // over
    names.told(guest("10.20.9.6", "wpad", 1));
    names.told(guest("10.20.9.7", "a.b", 1));
    return names;
  }

  /** For an hour, from some minutes after noon less an hour. */
  private static Lease guest(String address, String name, int minutes) {
    Ipv4 ipv4 = Ipv4.parse(address);
    Lease.Client client =
        new Lease.Client(new Mac(ipv4.bits() & 0xffffffffL), "", name, "", Ipv4.ANY);
    Instant since = NOON.minus(Duration.ofHours(1)).plus(Duration.ofMinutes(minutes));
    return new Lease(
        new NetworkId(new Uid(new UUID(0, 1))),
        ipv4,
        client,
        Lease.State.BOUND,
        since,
        since.plus(Duration.ofHours(1)));
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
