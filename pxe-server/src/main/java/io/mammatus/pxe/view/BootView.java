package io.mammatus.pxe.view;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import java.util.List;
import java.util.Optional;

/** An immutable snapshot of what the packet path needs to know; every look-up is quick. */
public interface BootView {

  /**
   * The machine or instance with that network card, on whatever network, if it has an address; one
   * without is as good as unknown.
   */
  Optional<Host> hostByMac(Mac mac);

  /** What the card has by that network's reservations: another network's say nothing there. */
  Optional<Host> reserved(NetworkId network, Mac mac);

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

  /** The subnet that holds the address. */
  default Optional<Subnet> subnetByAddress(Ipv4 address) {
    return subnets().stream().filter(s -> s.cidr().contains(address)).findFirst();
  }

  /**
   * The subnet of that interface which holds the address: its own link, or one that is reached
   * through it. What comes in by one link has no say in the networks of another.
   */
  default Optional<Subnet> subnetByAddress(Ipv4 address, String interfaceName) {
    return subnetByAddress(address).filter(s -> s.interfaceName().equals(interfaceName));
  }

  /** The subnet of who asks there from that address; one elsewhere is a guest of the link. */
  default Optional<Subnet> subnetOf(Ipv4 client, String interfaceName) {
    return subnetByAddress(client, interfaceName).or(() -> subnetByInterface(interfaceName));
  }

  /**
   * The hosts of that name that have an address, machines first: there may be a machine and an
   * instance.
   *
   * @param name in lower case
   */
  List<Host> hostsByName(String name);
}
