package io.mammatus.pxe.dhcp;

import static io.mammatus.pxe.dhcp.Fixtures.SERVER;
import static io.mammatus.pxe.dhcp.Fixtures.STRANGER;
import static io.mammatus.pxe.dhcp.Fixtures.SUBNET;
import static io.mammatus.pxe.dhcp.Fixtures.message;
import static io.mammatus.pxe.dhcp.Fixtures.pxe;
import static io.mammatus.pxe.dhcp.Fixtures.requested;
import static io.mammatus.pxe.dhcp.Fixtures.server;
import static io.mammatus.pxe.dhcp.Fixtures.through;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.protocols.Bytes;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.protocols.dhcp4.Route;
import io.mammatus.pxe.lease.LeaseBook;
import io.mammatus.pxe.testing.Dhcp;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import io.mammatus.store.lease.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clients with an address of a pool, from the packet to the decision. */
class PoolDeciderTest {

  private static final NetworkId NETWORK = new NetworkId(new Uid(new UUID(0, 9)));
  private static final Ipv4 POOLED = Ipv4.parse("10.88.0.200");
  private static final Ipv4 RELAY = Ipv4.parse("10.99.0.1");
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  private final DhcpSpec dhcp = dhcp(null, null);
  private final LeaseBook book = new LeaseBook(NETWORK, dhcp, List.of());

  private static DhcpSpec dhcp(DhcpSpec.@Nullable Mode mode, DhcpSpec.@Nullable Unknown unknown) {
    return Dhcp.of("10.88.0.200-10.88.0.201")
        .mode(mode)
        .unknown(unknown)
        .search("a.example")
        .ntp(SERVER)
        .mtu(1400)
        .routes(new DhcpSpec.StaticRoute(Cidr.parse("10.5.0.0/16"), SERVER))
        .options(new DhcpSpec.RawOption(252, "6162"), new DhcpSpec.RawOption(15, "7a"))
        .spec();
  }

  private static Subnet subnet(DhcpSpec dhcp) {
    return new Subnet(
        NETWORK,
        "br0",
        SUBNET.serverAddress(),
        SUBNET.cidr(),
        SUBNET.gateway(),
        List.of(),
        SUBNET.domain(),
        Duration.ofHours(1),
        dhcp);
  }

  private DhcpDecision decide(DhcpMessage message) {
    return decide(message, dhcp);
  }

  private DhcpDecision decide(DhcpMessage message, DhcpSpec spec) {
    SnapshotView view = new SnapshotView(List.of(subnet(spec)), List.of());
    DhcpDecision first =
        DhcpDecider.decide(
            new DhcpDecider.Request(
                "br0", message, BootMemory.Recent.NOTHING, NETWORK::equals, SERVER::equals, false),
            view,
            Fixtures.SETTINGS);
    return first instanceof DhcpDecision.FromPool asked
        ? PoolDecider.decide(asked, book, NOW)
        : first;
  }

  private static DhcpMessage discover(DhcpOption... options) {
    return message(STRANGER, Ipv4.ANY, DhcpMessageType.DISCOVER, options);
  }

  private static DhcpMessage request(Ipv4 ciaddr, DhcpOption... options) {
    return message(STRANGER, ciaddr, DhcpMessageType.REQUEST, options);
  }

  private static IgnoreReason ignored(DhcpDecision decision) {
    assertThat(decision).isInstanceOf(DhcpDecision.Ignore.class);
    return ((DhcpDecision.Ignore) decision).reason();
  }

  private Lease granted(DhcpDecision decision) {
    assertThat(decision).isInstanceOf(DhcpDecision.Grant.class);
    Lease lease = ((DhcpDecision.Grant) decision).lease();
    book.bind(lease);
    return lease;
  }

  private static DhcpMessageType replied(DhcpDecision decision) {
    assertThat(decision).isInstanceOf(DhcpDecision.Reply.class);
    return ((DhcpDecision.Reply) decision).message().options().messageType().orElseThrow();
  }

  /** Whoever asks in another's name has nothing sent to that one. */
  @Test
  void noReplyLeavesTheNetwork() {
    Ipv4 elsewhere = Ipv4.parse("192.0.2.1");
    assertThat(ignored(decide(message(STRANGER, elsewhere, DhcpMessageType.INFORM))))
        .isEqualTo(IgnoreReason.ADDRESS_ELSEWHERE);
    assertThat(decide(message(STRANGER, Ipv4.parse("10.88.0.77"), DhcpMessageType.INFORM)))
        .isInstanceOf(DhcpDecision.Reply.class);
    DhcpDecision.Reply offer =
        (DhcpDecision.Reply) decide(message(STRANGER, elsewhere, DhcpMessageType.DISCOVER));
    assertThat(offer.how()).isInstanceOf(Delivery.Direct.class);
  }

  @Test
  void fourMessagesAndALeaseThatIsWrittenFirst() {
    DhcpDecision.Reply offer = (DhcpDecision.Reply) decide(discover());
    assertThat(offer.message().yiaddr()).isEqualTo(POOLED);
    assertThat(offer.how()).isEqualTo(new Delivery.Direct(STRANGER, POOLED));
    DhcpOption name = new DhcpOption.Text(OptionCode.HOST_NAME, "lap\u0001top");
    DhcpDecision decision = decide(request(Ipv4.ANY, server(SERVER), requested(POOLED), name));
    Lease lease = granted(decision);
    assertThat(lease.address()).isEqualTo(POOLED);
    assertThat(lease.until()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    assertThat(lease.client().hostName())
        .startsWith("lap")
        .endsWith("top")
        .doesNotContain("\u0001");
    DhcpMessage ack = ((DhcpDecision.Grant) decision).reply().message();
    assertThat(ack.options().messageType()).contains(DhcpMessageType.ACK);
    assertThat(ack.options().get(OptionCode.HOST_NAME)).as("its name is its own").isEmpty();
    assertThat(ack.file()).isEmpty();
  }

  @Test
  void everythingThatTheNetworkSaysIsInTheReply() {
    DhcpMessage offer =
        ((DhcpDecision.Reply)
                decide(discover(new DhcpOption.ParameterList(List.of(121, 249, 6, 42)))))
            .message();
    assertThat(offer.options().get(OptionCode.INTERFACE_MTU))
        .contains(new DhcpOption.InterfaceMtu(1400));
    assertThat(offer.options().get(OptionCode.DNS_SERVERS))
        .as("our own DNS answers")
        .contains(new DhcpOption.Addresses(OptionCode.DNS_SERVERS, List.of(SERVER)));
    assertThat(offer.options().get(OptionCode.NTP_SERVERS)).isPresent();
    assertThat(offer.options().get(OptionCode.DOMAIN_SEARCH))
        .contains(new DhcpOption.DomainSearch(List.of("a.example")));
    assertThat(offer.options().get(249, DhcpOption.ClasslessRoutes.class).orElseThrow().routes())
        .contains(new Route(Cidr.parse("10.5.0.0/16"), SERVER))
        .extracting(Route::destination)
        .contains(Cidr.parse("0.0.0.0/0"));
    assertThat(offer.options().get(252)).contains(new DhcpOption.Raw(252, Bytes.hex("6162")));
    assertThat(offer.options().get(OptionCode.DOMAIN_NAME))
        .as("an option by number replaces ours")
        .contains(new DhcpOption.Raw(15, Bytes.hex("7a")));
  }

  @Test
  void inAllFourStatesARequestIsGrantedOrRefused() {
    Ipv4 other = POOLED.plus(1);
    granted(decide(request(Ipv4.ANY, server(SERVER), requested(POOLED)))); // selecting
    granted(decide(request(Ipv4.ANY, requested(POOLED)))); // init-reboot
    DhcpDecision renewing = decide(request(POOLED));
    granted(renewing);
    assertThat(((DhcpDecision.Grant) renewing).reply().how())
        .isEqualTo(new Delivery.Routed(POOLED, 68));
    assertThat(replied(decide(request(Ipv4.ANY, requested(other))))).isEqualTo(DhcpMessageType.NAK);
    assertThat(replied(decide(request(other)))).isEqualTo(DhcpMessageType.NAK);
    assertThat(replied(decide(request(Ipv4.ANY, requested(Ipv4.parse("10.88.0.7"))))))
        .isEqualTo(DhcpMessageType.NAK);
    assertThat(ignored(decide(request(Ipv4.ANY)))).isEqualTo(IgnoreReason.INCOMPLETE_REQUEST);
  }

  @Test
  void whatIsGivenBackOrFoundTakenIsWritten() {
    granted(decide(request(Ipv4.ANY, requested(POOLED))));
    assertThat(decide(message(STRANGER, POOLED, DhcpMessageType.RELEASE)))
        .isInstanceOfSatisfying(
            DhcpDecision.Record.class,
            record -> assertThat(record.lease().state()).isEqualTo(Lease.State.RELEASED));
    assertThat(ignored(decide(message(STRANGER, POOLED, DhcpMessageType.RELEASE))))
        .isEqualTo(IgnoreReason.NOT_ITS_LEASE);
    granted(decide(request(Ipv4.ANY, requested(POOLED))));
    assertThat(decide(message(STRANGER, Ipv4.ANY, DhcpMessageType.DECLINE, requested(POOLED))))
        .isInstanceOfSatisfying(
            DhcpDecision.Record.class,
            record -> assertThat(record.lease().state()).isEqualTo(Lease.State.DECLINED));
    assertThat(replied(decide(request(Ipv4.ANY, requested(POOLED)))))
        .isEqualTo(DhcpMessageType.NAK);
    assertThat(replied(decide(message(STRANGER, POOLED, DhcpMessageType.INFORM))))
        .isEqualTo(DhcpMessageType.ACK);
  }

  @Test
  void firmwareIsMetAsThePolicySays() {
    DhcpMessage firmware = discover(pxe(7));
    assertThat(decide(firmware)).isInstanceOf(DhcpDecision.Await.class);
    assertThat(replied(decide(firmware, dhcp(null, DhcpSpec.Unknown.LOCAL_DISK))))
        .isEqualTo(DhcpMessageType.OFFER);
    DhcpSpec ignoring = dhcp(null, DhcpSpec.Unknown.IGNORE);
    assertThat(ignored(decide(firmware, ignoring))).isEqualTo(IgnoreReason.UNKNOWN_FIRMWARE);
    assertThat(replied(decide(discover(), ignoring))).isEqualTo(DhcpMessageType.OFFER);
    assertThat(ignored(decide(discover(), dhcp(DhcpSpec.Mode.OFF, null))))
        .isEqualTo(IgnoreReason.NOT_SERVED);
  }

  @Test
  void aRelaysLinkSelectionSaysWhereTheClientIs() {
    DhcpOption link = new DhcpOption.RelayAgentInfo(Bytes.hex("0504" + "0a580001" + "0102aabb"));
    DhcpDecision.Reply offer = (DhcpDecision.Reply) decide(through(RELAY, discover(link)));
    assertThat(offer.message().yiaddr()).isEqualTo(POOLED);
    assertThat(offer.how()).isEqualTo(new Delivery.Routed(RELAY, 67));
    assertThat(offer.message().options().get(OptionCode.RELAY_AGENT_INFO)).contains(link);
    assertThat(ignored(decide(through(RELAY, discover())))).isEqualTo(IgnoreReason.NO_SUBNET);
    assertThat(Place.port(through(RELAY, discover(link)))).isEqualTo("/aabb");
  }

  /** RFC 3046, section 2.1: without a relay's address it is the client that makes it up. */
  @Test
  void aClientThatPlaysRelayIsNotBelieved() {
    DhcpOption elsewhere =
        new DhcpOption.RelayAgentInfo(Bytes.hex("0504" + "0a630005" + "0102aabb"));
    DhcpOption selection =
        new DhcpOption.Address(OptionCode.SUBNET_SELECTION, Ipv4.parse("10.99.0.5"));
    DhcpMessage message = discover(elsewhere, selection);
    assertThat(Place.link(message)).isEmpty();
    assertThat(Place.port(message)).isEmpty();
    assertThat(replied(decide(message))).isEqualTo(DhcpMessageType.OFFER);
  }

  /** RFC 2131, section 3.1, step 2: the server SHOULD check an address before it offers it. */
  @Test
  void anAddressIsLookedForBeforeItIsOfferedAnew() {
    DhcpSpec probing = Dhcp.of(dhcp.pools()).probing(true).spec();
    DhcpDecision.Probe first = (DhcpDecision.Probe) decide(discover(), probing);
    assertThat(first.address()).isEqualTo(POOLED);
    assertThat(first.offer().message().yiaddr()).isEqualTo(POOLED);
    assertThat(replied(decide(discover(), probing)))
        .as("it was offered to the same client a moment ago")
        .isEqualTo(DhcpMessageType.OFFER);
    book.taken(STRANGER, POOLED, NOW);
    DhcpDecision.Probe second = (DhcpDecision.Probe) decide(discover(), probing);
    assertThat(second.address()).isEqualTo(POOLED.plus(1));
    book.bind(book.lease(second(), POOLED.plus(1), Duration.ofHours(1), NOW));
    assertThat(replied(decide(discover(), probing)))
        .as("it has the address, and would answer itself")
        .isEqualTo(DhcpMessageType.OFFER);
  }

  private static Lease.Client second() {
    return new Lease.Client(STRANGER, "", "", "", Ipv4.ANY);
  }

  @Test
  void whoHasNotTheDutyIsSilent() {
    SnapshotView view = new SnapshotView(List.of(subnet(dhcp)), List.of(Fixtures.HOST));
    DhcpMessage known = message(DhcpMessageType.DISCOVER);
    assertThat(
            ignored(
                DhcpDecider.decide(
                    new DhcpDecider.Request(
                        "br0",
                        known,
                        BootMemory.Recent.NOTHING,
                        network -> false,
                        dns -> false,
                        false),
                    view,
                    Fixtures.SETTINGS)))
        .isEqualTo(IgnoreReason.NOT_ON_DUTY);
    assertThat(book.leased()).isZero();
  }
}
