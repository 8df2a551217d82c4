package io.mammatus.pxe.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.dhcp4.DhcpDecoder;
import io.mammatus.protocols.dhcp4.DhcpEncoder;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.pxe.lease.LeaseBook;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import io.mammatus.store.lease.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Whatever comes to ports 67 and 4011, in each kind of network: decode, decide, encode. A reply has
 * room in what the client takes, is read again, and goes nowhere but to who may have asked.
 */
class DhcpFuzzTest {

  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
  private static final NetworkId NETWORK = new NetworkId(new Uid(new UUID(0, 9)));
  private static final Set<DhcpMessageType> ANSWERS =
      Set.of(DhcpMessageType.OFFER, DhcpMessageType.ACK, DhcpMessageType.NAK);

  /** One kind of network. */
  private record Place(DhcpSpec dhcp, boolean bootServer, BootMemory.Recent recent) {}

  private static final List<Place> PLACES =
      List.of(
          place(DhcpSpec.Mode.SERVE, DhcpSpec.Unknown.ENROL, false),
          place(DhcpSpec.Mode.SERVE, DhcpSpec.Unknown.IGNORE, false),
          place(DhcpSpec.Mode.RELAYED, DhcpSpec.Unknown.LOCAL_DISK, false),
          place(DhcpSpec.Mode.PROXY, DhcpSpec.Unknown.ENROL, false),
          place(DhcpSpec.Mode.PROXY, DhcpSpec.Unknown.IGNORE, true));

  private static Place place(DhcpSpec.Mode mode, DhcpSpec.Unknown unknown, boolean bootServer) {
    DhcpSpec dhcp =
        new DhcpSpec(
            mode,
            unknown,
            List.of(AddressRange.parse("10.88.0.200-10.88.0.203")),
            List.of(),
            List.of(),
            List.of("a.example", "b.example"),
            List.of(Fixtures.SERVER),
            1400,
            List.of(new DhcpSpec.StaticRoute(Cidr.parse("10.5.0.0/16"), Fixtures.SERVER)),
            List.of(new DhcpSpec.RawOption(252, "61".repeat(300))),
            2,
            3,
            unknown == DhcpSpec.Unknown.ENROL,
            List.of());
    return new Place(
        dhcp, bootServer, new BootMemory.Recent(bootServer ? 3 : 0, bootServer ? 1 : 0));
  }

  @FuzzTest(maxDuration = "10m")
  void whateverAClientSends(byte[] packet) {
    if (DhcpDecoder.decode(packet) instanceof Decoded.Ok<DhcpMessage>(DhcpMessage message)) {
      PLACES.forEach(place -> decide(message, place));
    }
  }

  private static void decide(DhcpMessage message, Place place) {
    SnapshotView view =
        new SnapshotView(List.of(subnet(place.dhcp)), List.of(Fixtures.HOST, Fixtures.GUEST));
    LeaseBook book = new LeaseBook(NETWORK, place.dhcp, List.of());
    DhcpDecider.Request request =
        new DhcpDecider.Request(
            "br0", message, place.recent, NETWORK::equals, any -> true, place.bootServer);
    // Twice, as a client does that hears nothing: the second time it is known.
    for (int i = 0; i < 2; i++) {
      DhcpDecision decision = DhcpDecider.decide(request, view, Fixtures.EVERYTHING);
      check(
          message,
          decision instanceof DhcpDecision.FromPool asked
              ? PoolDecider.decide(asked, book, NOW)
              : decision,
          book);
    }
    assertThat(book.leased()).isLessThanOrEqualTo(1);
  }

  private static Subnet subnet(DhcpSpec dhcp) {
    return new Subnet(
        NETWORK,
        "br0",
        Fixtures.SERVER,
        Fixtures.SUBNET.cidr(),
        Optional.of(Fixtures.GATEWAY),
        List.of(),
        Optional.of("lab.test"),
        Duration.ofHours(1),
        dhcp);
  }

  private static void check(DhcpMessage message, DhcpDecision decision, LeaseBook book) {
    switch (decision) {
      case DhcpDecision.Reply reply -> check(message, reply);
      case DhcpDecision.Grant(Lease lease, DhcpDecision.Reply reply) -> {
        check(message, lease);
        check(message, reply);
        assertThat(reply.message().yiaddr()).isEqualTo(lease.address());
        book.bind(lease);
      }
      case DhcpDecision.Probe(Ipv4 address, DhcpDecision.Reply offer, DhcpDecision.FromPool _) -> {
        assertThat(inside(address)).isTrue();
        check(message, offer);
      }
      case DhcpDecision.Record(Lease lease, String why) -> {
        check(message, lease);
        assertThat(why).matches("[a-z-]+");
      }
      case DhcpDecision.Note(String why) -> assertThat(why).matches("[a-z-]+");
      case DhcpDecision.Ignore(IgnoreReason reason) -> assertThat(reason).isNotNull();
      case DhcpDecision.Await(DhcpDecision.Sighted sighted) -> {
        assertThat(sighted.mac().isGroup()).isFalse();
        Optional<String> firmware = Firmware.name(sighted.client());
        assertThat(firmware.orElse("none")).matches("[a-z0-9-]+");
      }
      case DhcpDecision.FromPool again -> throw new AssertionError("undecided: " + again);
    }
  }

  private static void check(DhcpMessage message, Lease lease) {
    assertThat(lease.client().mac()).isEqualTo(message.chaddr());
    for (String text :
        List.of(lease.client().clientId(), lease.client().hostName(), lease.client().port())) {
      assertThat(text).matches("[\\x20-\\x7e]{0,255}");
    }
  }

  private static void check(DhcpMessage message, DhcpDecision.Reply reply) {
    byte[] octets = DhcpEncoder.encodeReply(reply.message(), message).toArray();
    int most =
        message
            .options()
            .get(OptionCode.MAX_MESSAGE_SIZE, DhcpOption.MaxMessageSize.class)
            .map(DhcpOption.MaxMessageSize::octets)
            .orElse(DhcpEncoder.DEFAULT_MAX_MESSAGE_SIZE);
    assertThat(octets.length)
        .isBetween(
            DhcpEncoder.MIN_LENGTH,
            Math.clamp(most, DhcpEncoder.DEFAULT_MAX_MESSAGE_SIZE, 1500) - 28);
    assertThat(reply.why()).matches("[a-z-]+");
    if (!(DhcpDecoder.decode(octets) instanceof Decoded.Ok<DhcpMessage>(DhcpMessage read))) {
      throw new AssertionError("what is sent is not read: " + DhcpDecoder.decode(octets));
    }
    assertThat(read.op()).isEqualTo(DhcpMessage.Op.REPLY);
    assertThat(read.xid()).isEqualTo(message.xid());
    assertThat(read.chaddr()).isEqualTo(message.chaddr());
    assertThat(read.giaddr()).isEqualTo(message.giaddr());
    assertThat(ANSWERS).contains(read.options().messageType().orElseThrow());
    assertThat(read.options().address(OptionCode.SERVER_ID)).contains(Fixtures.SERVER);
    assertThat(read.yiaddr().isAny() || Fixtures.SUBNET.cidr().contains(read.yiaddr())).isTrue();
    check(message, reply.how());
  }

  /** Whose address is made up gets nothing sent to in the server's name. */
  private static void check(DhcpMessage message, Delivery how) {
    switch (how) {
      case Delivery.Broadcast _ -> assertThat(message.giaddr().isAny()).isTrue();
      case Delivery.Direct(var mac, Ipv4 address) -> {
        assertThat(mac).isEqualTo(message.chaddr());
        assertThat(Fixtures.SUBNET.cidr().contains(address)).isTrue();
      }
      case Delivery.Routed(Ipv4 address, int port) -> {
        boolean relayed = !message.giaddr().isAny();
        assertThat(port).isEqualTo(relayed ? Delivery.SERVER_PORT : Delivery.CLIENT_PORT);
        assertThat(relayed ? address.equals(message.giaddr()) : inside(address)).isTrue();
      }
    }
  }

  private static boolean inside(Ipv4 address) {
    return Fixtures.SUBNET.cidr().contains(address);
  }
}
