package io.mammatus.lab.rack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The networks that this machine is in and knows ways to, so that a rack takes none of them away.
 * Pure: made from what ip(8) prints.
 */
public record HostNetworks(List<Address> addresses, List<Way> ways) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HOST_PREFIX = 32;

  /** An address of ours and the network that lies at its interface. */
  public record Address(String device, Ipv4 own, Cidr network) {}

  /** A route that somebody set: where to, through which interface, by which gateways. */
  public record Way(String text, String device, Cidr to, List<Ipv4> gateways) {}

  public HostNetworks {
    addresses = List.copyOf(addresses);
    ways = List.copyOf(ways);
  }

  /**
   * Reads what {@code ip -4 -j address} and {@code ip -4 -j route} print.
   *
   * @throws IOException if it is not that
   */
  public static HostNetworks parse(String addresses, String routes) throws IOException {
    try {
      List<Address> ours = new ArrayList<>();
      for (JsonNode link : array(addresses)) {
        for (JsonNode address : link.path("addr_info")) {
          // An interface that is down still lists, in some versions, an empty object.
          if (address.path("family").asText().equals("inet")) {
            ours.add(address(link.path("ifname").asText(), address));
          }
        }
      }
      List<Way> ways = new ArrayList<>();
      for (JsonNode route : array(routes)) {
        // The kernel's own routes say what the addresses say.
        if (!route.path("protocol").asText().equals("kernel")) {
          ways.add(way(route));
        }
      }
      return new HostNetworks(ours, ways);
    } catch (IllegalArgumentException e) {
      throw new IOException("ip(8) says what is not understood: " + e.getMessage(), e);
    }
  }

  /** Nothing at all is printed, by some versions, where there is nothing. */
  private static JsonNode array(String text) throws IOException {
    return text.isBlank() ? JSON.createArrayNode() : JSON.readTree(text);
  }

  /** On a link between two, the network is the other end's. */
  private static Address address(String device, JsonNode json) {
    Ipv4 own = Ipv4.parse(json.path("local").asText());
    Ipv4 there = json.has("address") ? Ipv4.parse(json.path("address").asText()) : own;
    return new Address(device, own, around(there, json.path("prefixlen").asInt(HOST_PREFIX)));
  }

  private static Cidr around(Ipv4 address, int prefixLength) {
    return new Cidr(
        new Ipv4(address.bits() & new Cidr(Ipv4.ANY, prefixLength).netmask().bits()), prefixLength);
  }

  private static Way way(JsonNode json) {
    String to = json.path("dst").asText();
    // One that goes several ways has a gateway in each of them.
    List<Ipv4> gateways = json.findValuesAsText("gateway").stream().map(Ipv4::parse).toList();
    String device = json.path("dev").asText();
    String text =
        to
            + (gateways.isEmpty() ? "" : " via " + gateways.getFirst())
            + (device.isEmpty() ? "" : " dev " + device);
    return new Way(text, device, network(to), gateways);
  }

  private static Cidr network(String to) {
    if (to.equals("default")) {
      return new Cidr(Ipv4.ANY, 0);
    }
    return to.contains("/") ? Cidr.parse(to) : new Cidr(Ipv4.parse(to), HOST_PREFIX);
  }

  /** Without what is at this interface: an earlier rack's, which goes before the new one comes. */
  public HostNetworks except(String device) {
    return new HostNetworks(
        addresses.stream().filter(address -> !address.device().equals(device)).toList(),
        ways.stream().filter(way -> !way.device().equals(device)).toList());
  }

  /**
   * What is in the way of routes to {@code wanted}, and what to do about it. A route to a larger
   * network, such as the default one or a VPN's, is not: it goes on for all other addresses.
   */
  public List<String> clashesWith(List<Cidr> wanted) {
    List<String> clashes = new ArrayList<>();
    for (Cidr net : wanted) {
      for (Address address : addresses) {
        if (net.contains(address.network().address())
            || address.network().contains(net.address())) {
          clashes.add(
              "%s, which the rack needs: the interface %s has %s in %s; take it down meanwhile (ip link set %s down), or run this on another machine"
                  .formatted(
                      net, address.device(), address.own(), address.network(), address.device()));
        }
      }
      for (Way way : ways) {
        boolean within =
            way.to().prefixLength() >= net.prefixLength() && net.contains(way.to().address());
        if (within || way.gateways().stream().anyMatch(net::contains)) {
          clashes.add(
              "%s, which the rack needs: there is the route %s; delete it meanwhile (ip route delete %s), or run this on another machine"
                  .formatted(net, way.text(), way.text()));
        }
      }
    }
    return clashes;
  }
}
