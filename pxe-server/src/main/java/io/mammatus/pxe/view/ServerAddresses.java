package io.mammatus.pxe.view;

import io.mammatus.core.net.Ipv4;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The addresses that this machine's interfaces have now.
 *
 * @param byInterface in the order in which the system names them
 */
public record ServerAddresses(Map<String, List<Ipv4>> byInterface) {

  public ServerAddresses {
    byInterface = Map.copyOf(byInterface);
  }

  /** Asks the system; an interface that is not there has none. */
  public static ServerAddresses of(Collection<String> interfaces) {
    Map<String, List<Ipv4>> all = new HashMap<>();
    interfaces.forEach(name -> all.put(name, addresses(name)));
    return new ServerAddresses(all);
  }

  private static List<Ipv4> addresses(String name) {
    try {
      NetworkInterface found = NetworkInterface.getByName(name);
      return found == null
          ? List.of()
          : found.getInterfaceAddresses().stream()
              .map(InterfaceAddress::getAddress)
              .filter(Inet4Address.class::isInstance)
              .map(address -> Ipv4.of(address.getAddress(), 0))
              .toList();
    } catch (SocketException e) {
      return List.of(); // it went away meanwhile
    }
  }

  /**
   * By which address this server is reached in a network: the one that the network's description
   * names if it is here, else one of its own there, as a second server on the same layer 2 has it,
   * else any of the interface's, for a network behind relays. What is described, while there is
   * none at all.
   */
  Ipv4 in(Subnet subnet) {
    List<Ipv4> own = byInterface.getOrDefault(subnet.interfaceName(), List.of());
    boolean described =
        byInterface.values().stream().anyMatch(all -> all.contains(subnet.serverAddress()));
    if (described || own.isEmpty()) {
      return subnet.serverAddress();
    }
    return own.stream().filter(subnet.cidr()::contains).findFirst().orElse(own.getFirst());
  }
}
