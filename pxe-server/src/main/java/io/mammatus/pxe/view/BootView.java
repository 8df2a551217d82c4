package io.mammatus.pxe.view;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.DhcpSpec;
import java.util.List;
import java.util.Optional;

/** An immutable snapshot of what the packet path needs to know; every look-up is quick. */
public interface BootView {

  /** The host with that network card, if it has an address; one without is as good as unknown. */
  Optional<Host> hostByMac(Mac mac);

  Optional<Host> hostByAddress(Ipv4 address);

  /** All networks. */
  List<Subnet> subnets();

  /** The network on that link; not those that are reached through relays. */
  default Optional<Subnet> subnetByInterface(String interfaceName) {
    return subnets().stream()
        .filter(s -> s.interfaceName().equals(interfaceName))
        .filter(s -> s.mode() != DhcpSpec.Mode.RELAYED)
        .findFirst();
  }

  /** The subnet that holds the address, for clients behind a relay or a router. */
  default Optional<Subnet> subnetByAddress(Ipv4 address) {
    return subnets().stream().filter(s -> s.cidr().contains(address)).findFirst();
  }

  /**
   * The hosts of that name that have an address, machines first: there may be a machine and an
   * instance.
   *
   * @param name in lower case
   */
  List<Host> hostsByName(String name);
}
