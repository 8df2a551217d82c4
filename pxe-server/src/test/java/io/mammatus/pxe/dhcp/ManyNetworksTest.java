package io.mammatus.pxe.dhcp;

import static io.mammatus.pxe.dhcp.Fixtures.SETTINGS;
import static io.mammatus.pxe.dhcp.Fixtures.STRANGER;
import static io.mammatus.pxe.dhcp.Fixtures.arch;
import static io.mammatus.pxe.dhcp.Fixtures.message;
import static io.mammatus.pxe.dhcp.Fixtures.pxe;
import static io.mammatus.pxe.dhcp.Fixtures.requested;
import static io.mammatus.pxe.dhcp.Fixtures.through;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.DhcpSpec.Reservation;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.protocols.Bytes;
import io.mammatus.protocols.dhcp4.DhcpEncoder;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.protocols.dhcp4.Route;
import io.mammatus.pxe.lease.LeaseBook;
import io.mammatus.pxe.testing.Dhcp;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two links, and a network behind a relay of the first: who is known on one asks on another. */
class ManyNetworksTest {

  private static final Mac PRINTER = Mac.parse("02:00:00:00:00:01");
  private static final Mac BOTH = Mac.parse("02:00:00:00:00:02");
  private static final Mac MACHINE = Mac.parse("02:00:00:00:00:03");
  private static final Ipv4 RELAY = Ipv4.parse("10.3.0.253");

  /** On eth1, with a pool. */
  private static final Subnet RACK =
      subnet(
          1,
          "eth1",
          "10.1.0.1",
          Dhcp.of("10.1.0.200-10.1.0.209")
              .reservations(reservation(PRINTER, "10.1.0.7"), reservation(BOTH, "10.1.0.8"))
              .spec());

  /** On eth2, without one. */
  private static final Subnet SMALL =
      subnet(2, "eth2", "10.2.0.1", Dhcp.of().reservations(reservation(BOTH, "10.2.0.8")).spec());

  /** Behind relays that eth1 hears. */
  private static final Subnet FAR = far();

  private static Subnet far(Ipv4... relays) {
    return subnet(
        3,
        "eth1",
        "10.1.0.1",
        Dhcp.of("10.3.0.200-10.3.0.209").mode(DhcpSpec.Mode.RELAYED).relays(relays).spec());
  }

  private static Subnet subnet(int number, String interfaceName, String server, DhcpSpec dhcp) {
    return new Subnet(
        new NetworkId(new Uid(new UUID(0, number))),
        interfaceName,
        Ipv4.parse(server),
        Cidr.parse("10.%d.0.0/24".formatted(number)),
        Optional.of(Ipv4.parse("10.%d.0.254".formatted(number))),
        List.of(),
        Optional.empty(),
        Duration.ofHours(1),
        dhcp);
  }

  private static Reservation reservation(Mac mac, String address) {
    return new Reservation(mac, Ipv4.parse(address), null);
  }

  private static DhcpDecision decide(String interfaceName, DhcpMessage message) {
    return decide(interfaceName, message, FAR);
  }

  /** A machine of the small network is the only one that there is. */
  private static DhcpDecision decide(String interfaceName, DhcpMessage message, Subnet far) {
    Host machine =
        new Host(Host.Kind.MACHINE, "m-1", "m-1", Set.of(MACHINE), Ipv4.parse("10.2.0.20"), true);
    DhcpDecision decision =
        DhcpDecider.decide(
            new DhcpDecider.Request(
                interfaceName,
                message,
                BootMemory.Recent.NOTHING,
                network -> true,
                address -> false,
                false),
            new SnapshotView(List.of(RACK, SMALL, far), List.of(machine)),
            SETTINGS);
    return decision instanceof DhcpDecision.FromPool asked
        ? PoolDecider.decide(
            asked,
            new LeaseBook(asked.subnet().network(), asked.subnet().dhcp(), List.of()),
            Instant.EPOCH)
        : decision;
  }

  private static DhcpMessage discover(Mac mac, DhcpOption... options) {
    return message(mac, Ipv4.ANY, DhcpMessageType.DISCOVER, options);
  }

  private static DhcpMessage request(Mac mac, String address) {
    return message(mac, Ipv4.ANY, DhcpMessageType.REQUEST, requested(Ipv4.parse(address)));
  }

  private static String offered(DhcpDecision decision) {
    assertThat(decision).isInstanceOf(DhcpDecision.Reply.class);
    DhcpMessage offer = ((DhcpDecision.Reply) decision).message();
    assertThat(offer.options().messageType()).contains(DhcpMessageType.OFFER);
    return offer.yiaddr().toString();
  }

  private static void isRefused(DhcpDecision decision) {
    assertThat(decision).isInstanceOf(DhcpDecision.Reply.class);
    assertThat(((DhcpDecision.Reply) decision).message().options().messageType())
        .contains(DhcpMessageType.NAK);
  }

  private static void isIgnored(IgnoreReason reason, DhcpDecision decision) {
    assertThat(decision).isEqualTo(new DhcpDecision.Ignore(reason));
  }

  @Test
  void aCardHasWhatEachNetworkReservesForIt() {
    assertThat(offered(decide("eth1", discover(BOTH)))).isEqualTo("10.1.0.8");
    assertThat(offered(decide("eth2", discover(BOTH)))).isEqualTo("10.2.0.8");
    isRefused(decide("eth2", request(BOTH, "10.1.0.8")));
  }

  @Test
  void oneThatIsReservedElsewhereIsAStrangerHere() {
    assertThat(offered(decide("eth1", discover(PRINTER)))).isEqualTo("10.1.0.7");
    assertThat(decide("eth2", discover(PRINTER)))
        .as("without a pool it is a machine to be")
        .isInstanceOf(DhcpDecision.Await.class);
    isRefused(decide("eth2", request(PRINTER, "10.1.0.7")));
    assertThat(offered(decide("eth1", through(RELAY, discover(PRINTER))))).isEqualTo("10.3.0.200");
  }

  @Test
  void aMachineOfAnotherNetworkIsAGuest() {
    assertThat(offered(decide("eth2", discover(MACHINE)))).isEqualTo("10.2.0.20");
    assertThat(offered(decide("eth1", discover(MACHINE)))).isEqualTo("10.1.0.200");
    isRefused(decide("eth1", request(MACHINE, "10.2.0.20")));
    isRefused(decide("eth1", request(MACHINE, "10.1.0.7")));
  }

  @Test
  void whereNoPoolIsAMachineOfAnotherNetworkIsToldThatItsAddressIsWrong() {
    Subnet bare = subnet(1, "eth1", "10.1.0.1", DhcpSpec.USUAL);
    Host machine =
        new Host(Host.Kind.MACHINE, "m", "m", Set.of(MACHINE), Ipv4.parse("10.2.0.20"), true);
    SnapshotView view = new SnapshotView(List.of(bare, SMALL), List.of(machine));
    for (DhcpMessage message :
        List.of(request(MACHINE, "10.2.0.20"), request(MACHINE, "10.1.0.20"))) {
      isRefused(DhcpDecider.decide(on("eth1", message), view, SETTINGS));
    }
    isIgnored(
        IgnoreReason.HOST_ON_OTHER_SUBNET,
        DhcpDecider.decide(on("eth1", discover(MACHINE)), view, SETTINGS));
  }

  private static DhcpDecider.Request on(String interfaceName, DhcpMessage message) {
    return new DhcpDecider.Request(
        interfaceName, message, BootMemory.Recent.NOTHING, n -> true, a -> false, false);
  }

  /** RFC 2131, section 4.3.2: of the wrong network, whoever asks. */
  @Test
  void anAddressOffTheLinkIsRefused() {
    for (Mac mac : List.of(STRANGER, PRINTER, BOTH, MACHINE)) {
      isRefused(decide("eth1", request(mac, "192.168.1.5")));
      isRefused(decide("eth1", message(mac, Ipv4.parse("10.2.0.20"), DhcpMessageType.REQUEST)));
      isRefused(decide("eth1", through(RELAY, request(mac, "10.1.0.7"))));
    }
  }

  /** One link does not empty the pools of another. */
  @Test
  void aRelayNamesNetworksOfItsOwnInterfaceOnly() {
    assertThat(offered(decide("eth1", through(RELAY, discover(STRANGER))))).isEqualTo("10.3.0.200");
    isIgnored(IgnoreReason.NO_SUBNET, decide("eth2", through(RELAY, discover(STRANGER))));
    DhcpOption link = new DhcpOption.RelayAgentInfo(Bytes.hex("0504" + "0a030001"));
    Ipv4 here = Ipv4.parse("10.2.0.253");
    isIgnored(IgnoreReason.NO_SUBNET, decide("eth2", through(here, discover(STRANGER, link))));
    DhcpOption selection = selecting("10.3.0.1");
    isIgnored(IgnoreReason.NO_SUBNET, decide("eth2", through(here, discover(STRANGER, selection))));
  }

  @Test
  void onlyTheRelaysThatANetworkNamesAreBelieved() {
    Subnet far = far(RELAY);
    assertThat(offered(decide("eth1", through(RELAY, discover(STRANGER)), far)))
        .isEqualTo("10.3.0.200");
    isIgnored(
        IgnoreReason.UNLISTED_RELAY,
        decide("eth1", through(RELAY.plus(1), discover(STRANGER)), far));
    DhcpOption link = new DhcpOption.RelayAgentInfo(Bytes.hex("0504" + "0a030001"));
    isIgnored(
        IgnoreReason.UNLISTED_RELAY,
        decide("eth1", through(Ipv4.parse("10.1.0.253"), discover(STRANGER, link)), far));
  }

  private static DhcpOption selecting(String network) {
    return new DhcpOption.Address(OptionCode.SUBNET_SELECTION, Ipv4.parse(network));
  }

  /** RFC 3011, page 3: the option in the reply says that the client was understood. */
  @Test
  void theSubnetSelectionComesBackWhenItWasGoneBy() {
    Ipv4 relay = Ipv4.parse("10.1.0.253");
    DhcpMessage asks = discover(STRANGER, selecting("10.3.0.0"));
    DhcpDecision.Reply offer = (DhcpDecision.Reply) decide("eth1", through(relay, asks));
    assertThat(offer.message().yiaddr()).isEqualTo(Ipv4.parse("10.3.0.200"));
    assertThat(offer.message().options().get(OptionCode.SUBNET_SELECTION))
        .contains(selecting("10.3.0.0"));
    assertThat(DhcpEncoder.encodeReply(offer.message(), through(relay, asks)).toString())
        .contains("7604" + "0a030000");

    DhcpOption link = new DhcpOption.RelayAgentInfo(Bytes.hex("0504" + "0a030001"));
    for (DhcpMessage other :
        List.of(asks, through(relay, discover(STRANGER, selecting("10.1.0.0"), link)))) {
      assertThat(
              ((DhcpDecision.Reply) decide("eth1", other))
                  .message()
                  .options()
                  .get(OptionCode.SUBNET_SELECTION))
          .isEmpty();
    }
  }

  /** A next hop is on the client's link: its kernel takes no other. */
  @Test
  void whatIsRoutedIsRoutedByTheNetworksOwnGateway() {
    DhcpDecision.Reply offer =
        (DhcpDecision.Reply) decide("eth1", through(RELAY, discover(STRANGER)));
    assertThat(
            offer
                .message()
                .options()
                .get(OptionCode.CLASSLESS_ROUTES, DhcpOption.ClasslessRoutes.class)
                .orElseThrow()
                .routes())
        .extracting(Route::router)
        .allMatch(FAR.cidr()::contains);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PXEClient:Arch:00007:UNDI:003000", "HTTPClient:Arch:00016:UNDI:003001"})
  void aServerAmongTheReservedIsEnrolled(String vendorClass) {
    DhcpOption firmware = new DhcpOption.Text(OptionCode.VENDOR_CLASS, vendorClass);
    assertThat(decide("eth1", discover(PRINTER, firmware))).isInstanceOf(DhcpDecision.Await.class);
  }

  @Test
  void whereFirmwareIsNotEnrolledTheReservedHasItsAddressAndNothingToBoot() {
    Subnet rack =
        subnet(
            1,
            "eth1",
            "10.1.0.1",
            Dhcp.of()
                .unknown(DhcpSpec.Unknown.LOCAL_DISK)
                .reservations(reservation(PRINTER, "10.1.0.7"))
                .spec());
    DhcpDecision.Reply offer =
        (DhcpDecision.Reply)
            DhcpDecider.decide(
                on("eth1", discover(PRINTER, pxe(7), arch(7))),
                new SnapshotView(List.of(rack), List.of()),
                SETTINGS);
    assertThat(offer.message().yiaddr()).isEqualTo(Ipv4.parse("10.1.0.7"));
    assertThat(offer.message().file()).isEmpty();
  }
}
