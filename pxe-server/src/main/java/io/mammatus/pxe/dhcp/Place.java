package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.protocols.Bytes;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.Subnet;
import java.util.Optional;

/** Where a client is, as far as its packet tells. */
final class Place {

  /** Sub-options of option 82 (RFC 3046, section 2.0; RFC 3527). */
  private static final int CIRCUIT_ID = 1;

  private static final int REMOTE_ID = 2;
  private static final int LINK_SELECTION = 5;

  private Place() {}

  /**
   * The network: that of the link that a relay or the client names, that of the address which the
   * client already uses (it may renew from behind a router, without the relay, RFC 2131, section
   * 4.3.2), or else the one on the interface. Whatever is named, it is a network of the interface
   * that heard it: else one link could empty another's pools.
   */
  static Optional<Subnet> subnet(DhcpMessage message, String interfaceName, BootView view) {
    Optional<Ipv4> link = link(message);
    return link.isPresent()
        ? view.subnetByAddress(link.get(), interfaceName)
        : view.subnetOf(message.ciaddr(), interfaceName);
  }

  /**
   * An address of the client's link: the relay's link selection (RFC 3527), the client's subnet
   * selection (RFC 3011), the relay's own address (RFC 2131). Empty on the server's own link, where
   * nobody is believed who says that he is elsewhere: he could empty other networks' pools.
   */
  static Optional<Ipv4> link(DhcpMessage message) {
    if (message.giaddr().isAny()) {
      return Optional.empty();
    }
    return relaysSelection(message)
        .or(() -> clientsSelection(message))
        .or(() -> Optional.of(message.giaddr()));
  }

  private static Optional<Ipv4> relaysSelection(DhcpMessage message) {
    return relay(message)
        .flatMap(info -> info.subOption(LINK_SELECTION))
        .filter(octets -> octets.length() == 4)
        .map(octets -> Ipv4.of(octets.toArray(), 0))
        .filter(address -> !address.isAny());
  }

  private static Optional<Ipv4> clientsSelection(DhcpMessage message) {
    return message.options().address(OptionCode.SUBNET_SELECTION).filter(a -> !a.isAny());
  }

  /** Whether it is the client's subnet selection that says where it is. */
  static boolean isByClient(DhcpMessage message) {
    return !message.giaddr().isAny()
        && relaysSelection(message).isEmpty()
        && clientsSelection(message).isPresent();
  }

  /**
   * Whether a reply to the address that the client says it has would leave the client's network: in
   * the name of others, servers are asked to send to others.
   */
  static boolean leadsElsewhere(DhcpMessage message, Subnet subnet) {
    return message.giaddr().isAny()
        && !message.ciaddr().isAny()
        && !subnet.cidr().contains(message.ciaddr());
  }

  /** The port of the switch or relay that heard it, in hexadecimal; empty where nobody told. */
  static String port(DhcpMessage message) {
    return relay(message)
        .map(info -> hex(info.subOption(REMOTE_ID)) + "/" + hex(info.subOption(CIRCUIT_ID)))
        .filter(port -> port.length() > 1)
        .orElse("");
  }

  private static String hex(Optional<Bytes> octets) {
    return octets.map(Bytes::toString).orElse("");
  }

  /** Without a relay's address it is the client itself that says it (RFC 3046, section 2.1). */
  private static Optional<DhcpOption.RelayAgentInfo> relay(DhcpMessage message) {
    return message.giaddr().isAny()
        ? Optional.empty()
        : message.options().get(OptionCode.RELAY_AGENT_INFO, DhcpOption.RelayAgentInfo.class);
  }
}
