package io.mammatus.pxe.dhcp;

import static io.mammatus.pxe.dhcp.Fixtures.HOST;
import static io.mammatus.pxe.dhcp.Fixtures.MACHINE;
import static io.mammatus.pxe.dhcp.Fixtures.SERVER;
import static io.mammatus.pxe.dhcp.Fixtures.STRANGER;
import static io.mammatus.pxe.dhcp.Fixtures.SUBNET;
import static io.mammatus.pxe.dhcp.Fixtures.arch;
import static io.mammatus.pxe.dhcp.Fixtures.message;
import static io.mammatus.pxe.dhcp.Fixtures.pxe;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.pxe.testing.Dhcp;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Beside a foreign DHCP server that must not be disturbed. */
class ProxyDeciderTest {

  private static final Ipv4 THEIR_ADDRESS = Ipv4.parse("10.88.0.77");

  private static DhcpSpec dhcp(DhcpSpec.Unknown unknown) {
    return Dhcp.of().mode(DhcpSpec.Mode.PROXY).unknown(unknown).spec();
  }

  private static DhcpDecision decide(DhcpMessage message, boolean bootServer) {
    return decide(message, bootServer, DhcpSpec.Unknown.ENROL);
  }

  private static DhcpDecision decide(
      DhcpMessage message, boolean bootServer, DhcpSpec.Unknown unknown) {
    Subnet subnet =
        new Subnet(
            new NetworkId(new Uid(new UUID(0, 3))),
            SUBNET.interfaceName(),
            SUBNET.serverAddress(),
            SUBNET.cidr(),
            SUBNET.gateway(),
            SUBNET.dns(),
            SUBNET.domain(),
            SUBNET.leaseTime(),
            dhcp(unknown));
    return DhcpDecider.decide(
        new DhcpDecider.Request(
            "br0", message, BootMemory.Recent.NOTHING, n -> true, a -> true, bootServer),
        new SnapshotView(List.of(subnet), List.of(HOST)),
        Fixtures.SETTINGS);
  }

  private static IgnoreReason ignored(DhcpDecision decision) {
    assertThat(decision).isInstanceOf(DhcpDecision.Ignore.class);
    return ((DhcpDecision.Ignore) decision).reason();
  }

  @Test
  void noReplyLeavesTheNetwork() {
    DhcpMessage message =
        message(MACHINE, Ipv4.parse("192.0.2.1"), DhcpMessageType.REQUEST, pxe(0), arch(0));
    assertThat(ignored(decide(message, true))).isEqualTo(IgnoreReason.ADDRESS_ELSEWHERE);
  }

  @Test
  void anOfferHasABootFileAndNothingOfAddresses() {
    DhcpDecision.Reply offer =
        (DhcpDecision.Reply) decide(message(DhcpMessageType.DISCOVER, pxe(0), arch(0)), false);
    DhcpMessage message = offer.message();
    assertThat(message.yiaddr()).isEqualTo(Ipv4.ANY);
    assertThat(message.siaddr()).isEqualTo(SERVER);
    assertThat(message.file()).isEqualTo("undionly.kpxe");
    assertThat(message.options().messageType()).contains(DhcpMessageType.OFFER);
    assertThat(message.options().text(OptionCode.VENDOR_CLASS)).contains("PXEClient");
    for (int code : new int[] {1, 3, 6, 15, 51, 58, 121}) {
      assertThat(message.options().get(code)).as("option %d", code).isEmpty();
    }
    assertThat(offer.how()).isEqualTo(new Delivery.Broadcast());
  }

  @Test
  void onPort4011ItIsAnsweredAtTheAddressThatTheOtherServerGave() {
    DhcpMessage asks = message(MACHINE, THEIR_ADDRESS, DhcpMessageType.REQUEST, pxe(7), arch(7));
    DhcpDecision.Reply ack = (DhcpDecision.Reply) decide(asks, true);
    assertThat(ack.message().options().messageType()).contains(DhcpMessageType.ACK);
    assertThat(ack.message().file()).isEqualTo("snponly.efi");
    assertThat(ack.message().ciaddr()).isEqualTo(THEIR_ADDRESS);
    assertThat(ack.how()).isEqualTo(new Delivery.Routed(THEIR_ADDRESS, Delivery.CLIENT_PORT));
  }

  @Test
  void whatIsTheOtherServersIsLeftToIt() {
    assertThat(ignored(decide(message(DhcpMessageType.DISCOVER), false)))
        .as("no firmware")
        .isEqualTo(IgnoreReason.NOT_FOR_A_PROXY);
    for (DhcpMessageType type :
        List.of(
            DhcpMessageType.REQUEST,
            DhcpMessageType.DECLINE,
            DhcpMessageType.RELEASE,
            DhcpMessageType.INFORM)) {
      assertThat(ignored(decide(message(type, pxe(0), arch(0)), false)))
          .as("%s", type)
          .isEqualTo(IgnoreReason.NOT_FOR_A_PROXY);
    }
  }

  @Test
  void unknownFirmwareIsEnrolledOrIgnored() {
    DhcpMessage unknown = message(STRANGER, Ipv4.ANY, DhcpMessageType.DISCOVER, pxe(0), arch(0));
    assertThat(decide(unknown, false)).isInstanceOf(DhcpDecision.Await.class);
    assertThat(ignored(decide(unknown, false, DhcpSpec.Unknown.IGNORE)))
        .isEqualTo(IgnoreReason.UNKNOWN_FIRMWARE);
  }

  @Test
  void whereWeAreTheServerNobodyIsAnsweredOnPort4011() {
    DhcpDecision decision =
        DhcpDecider.decide(
            new DhcpDecider.Request(
                "br0",
                message(DhcpMessageType.REQUEST, pxe(0)),
                BootMemory.Recent.NOTHING,
                n -> true,
                a -> true,
                true),
            Fixtures.VIEW,
            Fixtures.SETTINGS);
    assertThat(ignored(decision)).isEqualTo(IgnoreReason.NO_PROXY_HERE);
  }
}
