package io.mammatus.pxe.view;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.NetworkId;
import java.util.List;
import java.util.Optional;

/**
 * The cloud as one of several boot servers sees it: it speaks of itself by its own addresses. A
 * client that is told another server's fetches from there, and renews its lease there, also when
 * that one is dead.
 */
public final class LocalView implements BootView {

  private final BootView view;
  private final List<Subnet> subnets;

  public LocalView(BootView view, ServerAddresses addresses) {
    this.view = view;
    this.subnets =
        view.subnets().stream().map(subnet -> subnet.servedBy(addresses.in(subnet))).toList();
  }

  @Override
  public Optional<Host> hostByMac(Mac mac) {
    return view.hostByMac(mac);
  }

  @Override
  public Optional<Host> reserved(NetworkId network, Mac mac) {
    return view.reserved(network, mac);
  }

  @Override
  public Optional<Host> hostByAddress(Ipv4 address) {
    return view.hostByAddress(address);
  }

  @Override
  public List<Subnet> subnets() {
    return subnets;
  }

  @Override
  public List<Host> hostsByName(String name) {
    return view.hostsByName(name);
  }
}
