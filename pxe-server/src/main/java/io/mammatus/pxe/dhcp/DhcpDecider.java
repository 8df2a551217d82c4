package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.DhcpOptions;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.Subnet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The server's side of RFC 2131 for hosts with fixed addresses: a pure function.
 *
 * <p>A host is known by its hardware address alone. PXE ROMs identify themselves by their MAC, the
 * systemd of the same machine by a DUID a minute later; by the client identifier (RFC 2131, section
 * 4.2) that would be two clients with two addresses.
 */
public final class DhcpDecider {

  private DhcpDecider() {}

  /**
   * A packet and where it came from.
   *
   * @param recent see {@link BootDecider#decide}
   * @param duties the networks that this server answers for
   * @param dns whether this address of ours answers DNS
   * @param bootServer it came to port 4011, where boot servers are asked
   */
  public record Request(
      String interfaceName,
      DhcpMessage message,
      BootMemory.Recent recent,
      Predicate<NetworkId> duties,
      Predicate<Ipv4> dns,
      boolean bootServer) {}

  public static DhcpDecision decide(Request request, BootView view, BootSettings settings) {
    DhcpMessage message = request.message;
    if (message.op() != DhcpMessage.Op.REQUEST) {
      return ignore(IgnoreReason.NOT_A_REQUEST);
    }
    if (message.chaddr().isGroup() || message.chaddr().bits() == 0) {
      return ignore(IgnoreReason.BAD_HARDWARE_ADDRESS);
    }
    Optional<DhcpMessageType> type = message.options().messageType();
    if (type.isEmpty()) {
      boolean later = message.options().get(OptionCode.MESSAGE_TYPE).isPresent();
      return ignore(later ? IgnoreReason.UNHANDLED_TYPE : IgnoreReason.BOOTP_ONLY);
    }
    Optional<Subnet> subnet =
        Place.subnet(message, request.interfaceName, view).map(found -> named(found, request));
    return subnet.isEmpty()
        ? ignore(IgnoreReason.NO_SUBNET)
        : decide(request, type.get(), subnet.get(), view, settings);
  }

  private static DhcpDecision decide(
      Request request, DhcpMessageType type, Subnet subnet, BootView view, BootSettings settings) {
    Ipv4 relay = request.message.giaddr();
    if (!relay.isAny() && !subnet.dhcp().believes(relay)) {
      return ignore(IgnoreReason.UNLISTED_RELAY);
    }
    if (subnet.mode() == DhcpSpec.Mode.OFF) {
      return ignore(IgnoreReason.NOT_SERVED);
    }
    if (!request.duties.test(subnet.network())) {
      return ignore(IgnoreReason.NOT_ON_DUTY);
    }
    if (subnet.mode() == DhcpSpec.Mode.PROXY) {
      return ProxyDecider.decide(request, type, subnet, view, settings);
    }
    if (request.bootServer) {
      return ignore(IgnoreReason.NO_PROXY_HERE);
    }
    // A DISCOVER may name no server; whoever names one by option 54 means only that one.
    Optional<Ipv4> server = request.message.options().address(OptionCode.SERVER_ID);
    if (server.isPresent() && !server.get().equals(subnet.serverAddress())) {
      return ignore(IgnoreReason.OTHER_SERVER);
    }
    return authoritative(request, type, subnet, view, settings);
  }

  /**
   * As the network's only server. RFC 2131, section 4.3.2: who asks for an address that is not on
   * the link it asks from is told so, whoever it is; in silence it would ask on for a minute.
   */
  private static DhcpDecision authoritative(
      Request request, DhcpMessageType type, Subnet subnet, BootView view, BootSettings settings) {
    Ipv4 wanted = wanted(request.message);
    if (type == DhcpMessageType.REQUEST && !wanted.isAny() && !subnet.cidr().contains(wanted)) {
      return refuse(request.message, subnet);
    }
    Mac mac = request.message.chaddr();
    Optional<Host> owner = view.hostByMac(mac);
    if (owner.isPresent() && subnet.cidr().contains(owner.get().address())) {
      return known(request, type, owner.get(), subnet, settings);
    }
    Optional<Host> reserved = view.reserved(subnet.network(), mac);
    if (reserved.isPresent()) {
      return reserved(request, type, owner.isEmpty(), reserved.get(), subnet, settings);
    }
    return owner.isPresent() ? visitor(request, type, subnet) : unknown(request, type, subnet);
  }

  /**
   * A server among the reserved becomes a machine as any other does, once its firmware asks for
   * something to boot; the control plane gives it the address that is reserved for it.
   */
  private static DhcpDecision reserved(
      Request request,
      DhcpMessageType type,
      boolean isNobodys,
      Host host,
      Subnet subnet,
      BootSettings settings) {
    ClientFacts client = ClientFacts.of(request.message);
    boolean asks = type == DhcpMessageType.DISCOVER || type == DhcpMessageType.REQUEST;
    return isNobodys
            && asks
            && client.boots()
            && subnet.dhcp().forUnknown() == DhcpSpec.Unknown.ENROL
        ? enrol(request, type, client)
        : known(request, type, host, subnet, settings);
  }

  /** A machine or instance of another network keeps its address there; here it is a guest. */
  private static DhcpDecision visitor(Request request, DhcpMessageType type, Subnet subnet) {
    if (!subnet.dhcp().pools().isEmpty()) {
      return pool(request, type, subnet);
    }
    return type == DhcpMessageType.REQUEST && !wanted(request.message).isAny()
        ? refuse(request.message, subnet)
        : ignore(IgnoreReason.HOST_ON_OTHER_SUBNET);
  }

  /** Clients are told of our own DNS where the operator names none, and once it answers. */
  private static Subnet named(Subnet subnet, Request request) {
    return subnet.dns().isEmpty() && request.dns.test(subnet.serverAddress())
        ? subnet.withDns(List.of(subnet.serverAddress()))
        : subnet;
  }

  /**
   * Who asks for something to boot is met as the network's policy says; everybody else gets an
   * address of a pool. Where there is none, whatever asks is a machine to be.
   */
  private static DhcpDecision unknown(Request request, DhcpMessageType type, Subnet subnet) {
    ClientFacts client = ClientFacts.of(request.message);
    boolean pooled = !subnet.dhcp().pools().isEmpty();
    boolean boots = client.boots();
    return switch (subnet.dhcp().forUnknown()) {
      case ENROL -> boots || !pooled ? enrol(request, type, client) : pool(request, type, subnet);
      case LOCAL_DISK -> pooled ? pool(request, type, subnet) : ignore(IgnoreReason.UNKNOWN_HOST);
      case IGNORE ->
          boots || !pooled ? ignore(IgnoreReason.UNKNOWN_FIRMWARE) : pool(request, type, subnet);
    };
  }

  private static DhcpDecision pool(Request request, DhcpMessageType type, Subnet subnet) {
    return new DhcpDecision.FromPool(request.message, type, subnet);
  }

  static DhcpDecision enrol(Request request, DhcpMessageType type, ClientFacts client) {
    DhcpMessage message = request.message;
    return switch (type) {
      case DISCOVER, REQUEST ->
          new DhcpDecision.Await(
              new DhcpDecision.Sighted(
                  message.chaddr(),
                  request.interfaceName,
                  Place.link(message),
                  client,
                  message
                      .options()
                      .get(OptionCode.CLIENT_UUID, DhcpOption.ClientUuid.class)
                      .map(option -> option.uuid().toString())
                      .orElse("")));
      case RELEASE, DECLINE, INFORM -> ignore(IgnoreReason.UNKNOWN_HOST);
      case OFFER, ACK, NAK -> ignore(IgnoreReason.UNHANDLED_TYPE);
    };
  }

  private static DhcpDecision known(
      Request request, DhcpMessageType type, Host host, Subnet subnet, BootSettings settings) {
    return switch (type) {
      case DISCOVER -> lease(request, DhcpMessageType.OFFER, host, subnet, settings);
      case REQUEST -> request(request, host, subnet, settings);
      case INFORM -> inform(request, host, subnet);
      // The address stays the host's: there is nothing to free, and nothing to give it instead.
      case RELEASE -> new DhcpDecision.Note("released");
      case DECLINE -> new DhcpDecision.Note("address-in-use");
      case OFFER, ACK, NAK -> ignore(IgnoreReason.UNHANDLED_TYPE);
    };
  }

  /**
   * RFC 2131, section 4.3.2. SELECTING names the server (checked above) and the address offered;
   * INIT-REBOOT names an address only; RENEWING and REBINDING have theirs in ciaddr. Whatever it
   * is, there is one right address.
   */
  private static DhcpDecision request(
      Request request, Host host, Subnet subnet, BootSettings settings) {
    DhcpMessage message = request.message;
    Ipv4 wanted = wanted(message);
    if (wanted.isAny()) {
      return ignore(IgnoreReason.INCOMPLETE_REQUEST);
    }
    return wanted.equals(host.address())
        ? lease(request, DhcpMessageType.ACK, host, subnet, settings)
        : refuse(message, subnet);
  }

  /** The address that a REQUEST is for. */
  static Ipv4 wanted(DhcpMessage message) {
    return message.ciaddr().isAny()
        ? message.options().address(OptionCode.REQUESTED_ADDRESS).orElse(Ipv4.ANY)
        : message.ciaddr();
  }

  private static DhcpDecision lease(
      Request request, DhcpMessageType type, Host host, Subnet subnet, BootSettings settings) {
    DhcpMessage message = request.message;
    ClientFacts client = ClientFacts.of(message);
    BootDecision boot =
        BootDecider.decide(
            client, host, message.chaddr(), subnet.serverAddress(), request.recent, settings);
    if (boot instanceof BootDecision.Unsupported(IgnoreReason reason)) {
      return ignore(reason);
    }
    DhcpMessage reply = ReplyOptions.lease(message, type, host, subnet, client, boot);
    return new DhcpDecision.Reply(reply, Delivery.of(message, host.address()), boot.why());
  }

  /** RFC 2131, section 4.3.5: the settings without an address or a time, to the address it has. */
  private static DhcpDecision inform(Request request, Host host, Subnet subnet) {
    DhcpMessage message = request.message;
    if (message.ciaddr().isAny()) {
      return ignore(IgnoreReason.INCOMPLETE_REQUEST);
    }
    if (Place.leadsElsewhere(message, subnet)) {
      return ignore(IgnoreReason.ADDRESS_ELSEWHERE);
    }
    DhcpMessage reply = ReplyOptions.inform(message, host, subnet);
    return new DhcpDecision.Reply(reply, Delivery.of(message, message.ciaddr()), "settings");
  }

  /** RFC 2131, section 4.3.2: a NAK goes to everybody on the link, whatever the flag says. */
  static DhcpDecision refuse(DhcpMessage message, Subnet subnet) {
    DhcpMessage nak =
        message
            .reply(
                Ipv4.ANY, Ipv4.ANY, Ipv4.ANY, "", DhcpOptions.of(ReplyOptions.nak(message, subnet)))
            .withBroadcast();
    Delivery how =
        message.giaddr().isAny()
            ? new Delivery.Broadcast()
            : new Delivery.Routed(message.giaddr(), Delivery.SERVER_PORT);
    return new DhcpDecision.Reply(nak, how, "wrong-address");
  }

  private static DhcpDecision ignore(IgnoreReason reason) {
    return new DhcpDecision.Ignore(reason);
  }
}
