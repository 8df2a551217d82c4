package io.mammatus.pxe.dhcp;

import static io.mammatus.pxe.dhcp.Fixtures.GATEWAY;
import static io.mammatus.pxe.dhcp.Fixtures.INSTANCE;
import static io.mammatus.pxe.dhcp.Fixtures.MACHINE;
import static io.mammatus.pxe.dhcp.Fixtures.MACHINE_ADDRESS;
import static io.mammatus.pxe.dhcp.Fixtures.SERVER;
import static io.mammatus.pxe.dhcp.Fixtures.SETTINGS;
import static io.mammatus.pxe.dhcp.Fixtures.STRANGER;
import static io.mammatus.pxe.dhcp.Fixtures.VIEW;
import static io.mammatus.pxe.dhcp.Fixtures.arch;
import static io.mammatus.pxe.dhcp.Fixtures.message;
import static io.mammatus.pxe.dhcp.Fixtures.pxe;
import static io.mammatus.pxe.dhcp.Fixtures.requested;
import static io.mammatus.pxe.dhcp.Fixtures.server;
import static io.mammatus.pxe.dhcp.Fixtures.through;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.Bytes;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.DhcpOptions;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.protocols.dhcp4.Route;
import java.util.List;
import org.junit.jupiter.api.Test;

class DhcpDeciderTest {

  private static final Ipv4 WRONG = Ipv4.parse("10.88.0.77");

  @Test
  void discoverIsOfferedTheFixedAddress() {
    DhcpDecision.Reply offer = reply(message(DhcpMessageType.DISCOVER, requested(WRONG)));

    assertThat(type(offer)).isEqualTo(DhcpMessageType.OFFER);
    assertThat(offer.message().yiaddr()).isEqualTo(MACHINE_ADDRESS);
    assertThat(offer.how()).isEqualTo(new Delivery.Direct(MACHINE, MACHINE_ADDRESS));
    DhcpOptions options = offer.message().options();
    assertThat(options.address(OptionCode.SERVER_ID)).contains(SERVER);
    assertThat(options.get(OptionCode.LEASE_TIME))
        .contains(new DhcpOption.Seconds(OptionCode.LEASE_TIME, 3600));
    assertThat(options.get(OptionCode.RENEWAL_TIME))
        .contains(new DhcpOption.Seconds(OptionCode.RENEWAL_TIME, 1800));
    assertThat(options.get(OptionCode.REBINDING_TIME))
        .contains(new DhcpOption.Seconds(OptionCode.REBINDING_TIME, 3150));
    assertThat(options.text(OptionCode.HOST_NAME)).contains("node-1");
    assertThat(options.get(OptionCode.CLASSLESS_ROUTES))
        .contains(
            new DhcpOption.ClasslessRoutes(
                List.of(
                    new Route(Cidr.parse("169.254.169.254/32"), SERVER),
                    new Route(Cidr.parse("0.0.0.0/0"), GATEWAY))));
  }

  /** The ROM identifies itself by its MAC, systemd-networkd by a DUID: one machine, one address. */
  @Test
  void theClientIdentifierChangesNothingAndComesBack() {
    DhcpOption byMac = new DhcpOption.ClientId(1, Bytes.of(MACHINE.octets()));
    DhcpOption byDuid = new DhcpOption.ClientId(255, Bytes.hex("00123456000200000ab11d1e"));
    for (DhcpOption id : List.of(byMac, byDuid)) {
      DhcpDecision.Reply offer = reply(message(DhcpMessageType.DISCOVER, id));
      assertThat(offer.message().yiaddr()).isEqualTo(MACHINE_ADDRESS);
      assertThat(offer.message().options().get(OptionCode.CLIENT_ID)).contains(id); // RFC 6842
    }
  }

  /** RFC 2131, section 4.3.2, table 4. */
  @Test
  void requestInAllFourStatesForTheRightAddress() {
    DhcpMessage selecting =
        message(DhcpMessageType.REQUEST, server(SERVER), requested(MACHINE_ADDRESS));
    DhcpMessage initReboot = message(DhcpMessageType.REQUEST, requested(MACHINE_ADDRESS));
    DhcpMessage renewing = message(MACHINE, MACHINE_ADDRESS, DhcpMessageType.REQUEST);

    for (DhcpMessage request : List.of(selecting, initReboot, renewing)) {
      DhcpDecision.Reply ack = reply(request);
      assertThat(type(ack)).isEqualTo(DhcpMessageType.ACK);
      assertThat(ack.message().yiaddr()).isEqualTo(MACHINE_ADDRESS);
      assertThat(ack.message().ciaddr()).isEqualTo(request.ciaddr());
    }
    assertThat(reply(selecting).how()).isInstanceOf(Delivery.Direct.class);
    assertThat(reply(renewing).how()).isEqualTo(new Delivery.Routed(MACHINE_ADDRESS, 68));
  }

  @Test
  void requestInAllFourStatesForAWrongAddressIsRefusedToAll() {
    for (DhcpMessage request :
        List.of(
            message(DhcpMessageType.REQUEST, server(SERVER), requested(WRONG)),
            message(DhcpMessageType.REQUEST, requested(WRONG)),
            message(DhcpMessageType.REQUEST, requested(Ipv4.parse("192.168.1.5"))),
            message(MACHINE, WRONG, DhcpMessageType.REQUEST),
            message(MACHINE, Ipv4.parse("192.168.1.5"), DhcpMessageType.REQUEST))) {
      DhcpDecision.Reply nak = reply(request);
      assertThat(type(nak)).isEqualTo(DhcpMessageType.NAK);
      assertThat(nak.message().yiaddr()).isEqualTo(Ipv4.ANY);
      assertThat(nak.how()).isEqualTo(new Delivery.Broadcast());
      assertThat(nak.message().options().get(OptionCode.LEASE_TIME)).isEmpty();
    }
  }

  @Test
  void whatMeansAnotherServerIsItsBusiness() {
    ignored(
        IgnoreReason.OTHER_SERVER,
        message(
            DhcpMessageType.REQUEST, server(Ipv4.parse("10.88.0.2")), requested(MACHINE_ADDRESS)));
  }

  @Test
  void releaseAndDeclineAreNoted() {
    assertThat(decide(message(MACHINE, MACHINE_ADDRESS, DhcpMessageType.RELEASE, server(SERVER))))
        .isEqualTo(new DhcpDecision.Note("released"));
    assertThat(decide(message(DhcpMessageType.DECLINE, server(SERVER), requested(MACHINE_ADDRESS))))
        .isEqualTo(new DhcpDecision.Note("address-in-use"));
  }

  /** RFC 2131, section 4.3.5: neither yiaddr nor lease times. */
  @Test
  void informGetsSettingsOnly() {
    DhcpDecision.Reply ack = reply(message(MACHINE, MACHINE_ADDRESS, DhcpMessageType.INFORM));
    assertThat(type(ack)).isEqualTo(DhcpMessageType.ACK);
    assertThat(ack.message().yiaddr()).isEqualTo(Ipv4.ANY);
    assertThat(ack.message().options().get(OptionCode.LEASE_TIME)).isEmpty();
    assertThat(ack.message().options().get(OptionCode.ROUTERS)).isPresent();
    assertThat(ack.how()).isEqualTo(new Delivery.Routed(MACHINE_ADDRESS, 68));
    ignored(IgnoreReason.INCOMPLETE_REQUEST, message(DhcpMessageType.INFORM));
  }

  @Test
  void unknownCardsAwaitTheirEnrolment() {
    DhcpMessage discover = message(STRANGER, Ipv4.ANY, DhcpMessageType.DISCOVER, pxe(7), arch(7));
    if (decide(discover) instanceof DhcpDecision.Await(DhcpDecision.Sighted sighted)) {
      assertThat(sighted.mac()).isEqualTo(STRANGER);
      assertThat(sighted.interfaceName()).isEqualTo("br0");
      assertThat(sighted.client().architectures()).containsExactly(7);
    } else {
      fail("an unknown card is to be enrolled");
    }
    ignored(IgnoreReason.UNKNOWN_HOST, message(STRANGER, MACHINE_ADDRESS, DhcpMessageType.RELEASE));
  }

  @Test
  void nonsenseIsIgnoredForAReason() {
    ignored(
        IgnoreReason.BAD_HARDWARE_ADDRESS,
        message(Mac.parse("01:00:5e:00:00:01"), Ipv4.ANY, DhcpMessageType.DISCOVER));
    ignored(
        IgnoreReason.BAD_HARDWARE_ADDRESS, message(new Mac(0), Ipv4.ANY, DhcpMessageType.DISCOVER));
    ignored(IgnoreReason.INCOMPLETE_REQUEST, message(DhcpMessageType.REQUEST));
    ignored(IgnoreReason.UNHANDLED_TYPE, message(DhcpMessageType.OFFER));
    DhcpMessage theirs = reply(message(DhcpMessageType.DISCOVER)).message();
    ignored(IgnoreReason.NOT_A_REQUEST, theirs);
    ignored(
        IgnoreReason.UNSUPPORTED_ARCHITECTURE, message(DhcpMessageType.DISCOVER, pxe(6), arch(6)));
    ignored(IgnoreReason.LOADER_MISSING, message(DhcpMessageType.DISCOVER, pxe(11), arch(11)));
    assertThat(
            DhcpDecider.decide(
                new DhcpDecider.Request(
                    "other0",
                    message(DhcpMessageType.DISCOVER),
                    BootMemory.Recent.NOTHING,
                    network -> true,
                    address -> false,
                    false),
                VIEW,
                SETTINGS))
        .isEqualTo(new DhcpDecision.Ignore(IgnoreReason.NO_SUBNET));
  }

  @Test
  void aRelayIsAnsweredAtItsServerPortAndItsOptionComesBack() {
    DhcpOption relay = new DhcpOption.RelayAgentInfo(Bytes.hex("0104deadbeef"));
    DhcpMessage discover =
        through(Ipv4.parse("10.88.0.3"), message(DhcpMessageType.DISCOVER, relay));
    DhcpDecision.Reply offer = reply(discover);
    assertThat(offer.how()).isEqualTo(new Delivery.Routed(Ipv4.parse("10.88.0.3"), 67));
    assertThat(offer.message().giaddr()).isEqualTo(Ipv4.parse("10.88.0.3"));
    assertThat(offer.message().options().get(82)).contains(relay);

    DhcpMessage wrong =
        through(Ipv4.parse("10.88.0.3"), message(DhcpMessageType.REQUEST, requested(WRONG)));
    assertThat(reply(wrong).message().broadcast()).isTrue();
    assertThat(reply(wrong).how()).isEqualTo(new Delivery.Routed(Ipv4.parse("10.88.0.3"), 67));
    ignored(
        IgnoreReason.NO_SUBNET,
        through(Ipv4.parse("10.99.0.3"), message(DhcpMessageType.DISCOVER)));
  }

  /** OVMF takes an offer for PXE only with 60, and boots from it directly only with 43. */
  @Test
  void pxeClientsAreToldWhatTheirRomsWant() {
    DhcpMessage offer = reply(message(DhcpMessageType.DISCOVER, pxe(7), arch(7))).message();
    assertThat(offer.siaddr()).isEqualTo(SERVER);
    assertThat(offer.file()).isEqualTo("snponly.efi");
    assertThat(offer.options().text(OptionCode.BOOTFILE_NAME)).contains("snponly.efi");
    assertThat(offer.options().text(OptionCode.TFTP_SERVER_NAME)).contains("10.88.0.1");
    assertThat(offer.options().text(OptionCode.VENDOR_CLASS)).contains("PXEClient");
    assertThat(offer.options().get(OptionCode.VENDOR_SPECIFIC))
        .contains(new DhcpOption.Raw(OptionCode.VENDOR_SPECIFIC, Bytes.hex("060108ff")));
  }

  @Test
  void instancesGetNothingToBoot() {
    DhcpMessage offer =
        reply(message(INSTANCE, Ipv4.ANY, DhcpMessageType.DISCOVER, pxe(0), arch(0))).message();
    assertThat(offer.file()).isEmpty();
    assertThat(offer.siaddr()).isEqualTo(Ipv4.ANY);
    assertThat(offer.options().get(OptionCode.VENDOR_CLASS)).isEmpty();
    assertThat(offer.options().get(OptionCode.CLASSLESS_ROUTES)).isPresent();
  }

  private static DhcpDecision decide(DhcpMessage message) {
    return DhcpDecider.decide(
        new DhcpDecider.Request(
            "br0", message, BootMemory.Recent.NOTHING, network -> true, address -> false, false),
        VIEW,
        SETTINGS);
  }

  private static DhcpDecision.Reply reply(DhcpMessage message) {
    return (DhcpDecision.Reply) decide(message);
  }

  private static DhcpMessageType type(DhcpDecision.Reply reply) {
    return reply.message().options().messageType().orElseThrow();
  }

  private static void ignored(IgnoreReason reason, DhcpMessage message) {
    assertThat(decide(message)).isEqualTo(new DhcpDecision.Ignore(reason));
  }
}
