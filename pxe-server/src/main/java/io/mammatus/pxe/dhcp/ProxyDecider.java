package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.Subnet;
import java.util.Optional;

/**
 * Beside a DHCP server of somebody else's: says what to boot and gives no address (PXE 2.1, section
 * 2.2). A firmware hears two offers to its DISCOVER, the other server's with an address and ours
 * without; it takes the address there, and asks us again on port 4011 if it wants to.
 */
final class ProxyDecider {

  /** Where PXE's boot servers and proxies are asked (PXE 2.1, section 2.2.3). */
  static final int BOOT_SERVER_PORT = 4011;

  private ProxyDecider() {}

  static DhcpDecision decide(
      DhcpDecider.Request request,
      DhcpMessageType type,
      Subnet subnet,
      BootView view,
      BootSettings settings) {
    DhcpMessage message = request.message();
    ClientFacts client = ClientFacts.of(message);
    boolean asks =
        request.bootServer()
            ? type == DhcpMessageType.REQUEST || type == DhcpMessageType.INFORM
            : type == DhcpMessageType.DISCOVER;
    if (!asks || !(client.isPxe() || client.isHttpBoot())) {
      return new DhcpDecision.Ignore(IgnoreReason.NOT_FOR_A_PROXY);
    }
    if (Place.leadsElsewhere(message, subnet)) {
      return new DhcpDecision.Ignore(IgnoreReason.ADDRESS_ELSEWHERE);
    }
    Optional<Host> host = view.hostByMac(message.chaddr());
    if (host.isEmpty()) {
      return subnet.dhcp().forUnknown() == DhcpSpec.Unknown.ENROL
          ? DhcpDecider.enrol(request, DhcpMessageType.DISCOVER, client)
          : new DhcpDecision.Ignore(IgnoreReason.UNKNOWN_FIRMWARE);
    }
    BootDecision boot =
        BootDecider.decide(
            client,
            host.get(),
            message.chaddr(),
            subnet.serverAddress(),
            request.recent(),
            settings);
    if (boot instanceof BootDecision.Unsupported(IgnoreReason reason)) {
      return new DhcpDecision.Ignore(reason);
    }
    if (boot instanceof BootDecision.AddressOnly) {
      return new DhcpDecision.Ignore(IgnoreReason.NOT_FOR_A_PROXY);
    }
    DhcpMessageType answer = request.bootServer() ? DhcpMessageType.ACK : DhcpMessageType.OFFER;
    DhcpMessage reply = ReplyOptions.proxy(message, answer, subnet, client, boot);
    return new DhcpDecision.Reply(reply, delivery(request), boot.why());
  }

  /** It has no address that we know of while it discovers; later it asks from its own. */
  private static Delivery delivery(DhcpDecider.Request request) {
    DhcpMessage message = request.message();
    if (!message.giaddr().isAny()) {
      return new Delivery.Routed(message.giaddr(), Delivery.SERVER_PORT);
    }
    Ipv4 address = message.ciaddr();
    return address.isAny()
        ? new Delivery.Broadcast()
        : new Delivery.Routed(address, Delivery.CLIENT_PORT);
  }
}
