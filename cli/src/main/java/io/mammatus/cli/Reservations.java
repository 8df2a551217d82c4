package io.mammatus.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AddressRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads which card gets which address from other DHCP servers' configurations. */
final class Reservations {

  private static final String MAC = "([0-9A-Fa-f]{1,2}[:-]){5}[0-9A-Fa-f]{1,2}";
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final String NAME = LABEL + "(\\." + LABEL + ")*\\.?";

  /** Where dnsmasq has further reservations. */
  private static final String ELSEWHERE =
      "(dhcp-hostsfile|dhcp-hostsdir|conf-file|conf-dir)\\s*=.*|read-ethers";

  /** What of Kea's reservations has a place here. */
  private static final Set<String> KEPT = Set.of("hw-address", "ip-address", "hostname");

  /** Kea's files have C's, C++'s and the shell's comments. */
  private static final ObjectMapper KEA =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_YAML_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(JsonParser.Feature.ALLOW_COMMENTS)
          .build();

  /**
   * A card's address.
   *
   * @param hostName one label, or empty
   */
  record Reservation(String mac, String address, String hostName) {
    @Override
    public String toString() {
      return hostName.isEmpty() ? mac + " " + address : mac + " " + address + " " + hostName;
    }
  }

  /** What is lost of one that is taken over. */
  record Note(Reservation of, String what) {
    @Override
    public String toString() {
      return of + ": " + what;
    }
  }

  /**
   * What was found.
   *
   * @param skipped what has no place here, each with its reason
   * @param notes what of the others is not as it was there
   */
  record Found(List<Reservation> reservations, List<String> skipped, List<Note> notes) {

    Found() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    /**
     * A file may be of many networks: what lies outside of this one is left out, and so is what the
     * network gives by itself, and what is somebody's already.
     *
     * @param given the ranges of machines and instances
     */
    Found within(Cidr network, List<AddressRange> given) {
      List<Reservation> inside = new ArrayList<>();
      List<String> without = new ArrayList<>(skipped);
      Map<String, Reservation> owners = new HashMap<>();
      for (Reservation each : reservations) {
        Ipv4 address = Ipv4.parse(each.address);
        Optional<AddressRange> range = given.stream().filter(r -> r.contains(address)).findFirst();
        Reservation owner = owners.get(each.address);
        if (!network.contains(address)) {
          without.add(each + ": it is not in " + network);
        } else if (range.isPresent()) {
          without.add(each + ": machines or instances are given " + range.get());
        } else if (owner != null && !owner.mac.equals(each.mac)) {
          without.add(each + ": the address is reserved for " + owner.mac);
        } else {
          owners.put(each.address, each);
          inside.add(each);
        }
      }
      List<Note> ofInside = notes.stream().filter(note -> inside.contains(note.of)).toList();
      return new Found(inside, without, ofInside);
    }
  }

  private Reservations() {}

  /** From {@code reservations} of Kea's subnets, shared networks and of all. */
  static Found ofKea(String text) throws IOException {
    JsonNode root = KEA.readTree(text).path("Dhcp4");
    if (!root.isObject()) {
      throw new IOException("it has no section Dhcp4: is it kea-dhcp4.conf?");
    }
    Found found = new Found();
    collect(root, found);
    root.path("shared-networks").forEach(shared -> collect(shared, found));
    return found;
  }

  private static void collect(JsonNode section, Found found) {
    section.path("reservations").forEach(host -> kea(host, found));
    section
        .path("subnet4")
        .forEach(subnet -> subnet.path("reservations").forEach(host -> kea(host, found)));
  }

  private static void kea(JsonNode host, Found found) {
    String mac = host.path("hw-address").asText();
    String address = host.path("ip-address").asText();
    if (!mac.matches(MAC)) {
      found.skipped().add(host + ": not by a hardware address");
    } else if (!isAddress(address)) {
      found.skipped().add(host + ": it has no address");
    } else {
      Reservation added = add(found, mac, address, host.path("hostname").asText());
      for (var more : host.properties()) {
        if (!KEPT.contains(more.getKey()) && !saysNothing(more.getValue())) {
          String what = "%s is not taken over: %s".formatted(more.getKey(), more.getValue());
          found.notes().add(new Note(added, what));
        }
      }
    }
  }

  /** What Kea itself writes for what was not set. */
  private static boolean saysNothing(JsonNode value) {
    return value.isContainerNode()
        ? value.isEmpty()
        : value.asText().isEmpty() || value.asText().equals("0.0.0.0");
  }

  private static boolean isAddress(String text) {
    try {
      return !Ipv4.parse(text).isAny();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** From the {@code dhcp-host} lines of dnsmasq. */
  static Found ofDnsmasq(String text) {
    Found found = new Found();
    for (String line : text.lines().toList()) {
      String bare = line.replaceFirst("#.*", "").strip();
      if (bare.matches(ELSEWHERE)) {
        found.skipped().add(bare + ": what is there is not read; give its lines as dhcp-host=LINE");
      } else if (bare.matches("dhcp-host\\s*=.*")) {
        dnsmasq(bare, bare.substring(bare.indexOf('=') + 1).split(",", -1), found);
      }
    }
    return found;
  }

  private static void dnsmasq(String line, String[] words, Found found) {
    List<String> macs = new ArrayList<>();
    String address = "";
    String name = "";
    List<String> unused = new ArrayList<>();
    for (String each : words) {
      String word = each.strip();
      if (word.matches(MAC)) {
        macs.add(word);
      } else if (isAddress(word)) {
        address = word;
      } else if (word.equals("ignore") || word.startsWith("id:") || word.contains("*")) {
        found.skipped().add(line + ": " + word + " has no place here");
        return;
      } else if (word.matches(NAME) && !word.matches("[0-9]+[smhdw]?|infinite")) {
        name = word;
      } else if (!word.isEmpty()) {
        unused.add(word);
      }
    }
    if (macs.isEmpty() || address.isEmpty()) {
      found.skipped().add(line + ": it names no hardware address or no IPv4 address");
      return;
    }
    if (macs.size() > 1) {
      found.skipped().add(line + ": one address for several cards; only the first gets it");
    }
    Reservation added = add(found, macs.getFirst(), address, name);
    if (!unused.isEmpty()) {
      found.notes().add(new Note(added, "not taken over: " + String.join(", ", unused)));
    }
  }

  /** The first label of a name is what it is called on its network. */
  private static Reservation add(Found found, String mac, String address, String name) {
    List<String> octets = new ArrayList<>();
    for (String octet : mac.split("[:-]", -1)) {
      octets.add(octet.length() == 1 ? "0" + octet : octet);
    }
    String label = name.split("\\.", -1)[0];
    String called = label.matches(LABEL) ? label : "";
    Reservation added =
        new Reservation(String.join(":", octets).toLowerCase(Locale.ROOT), address, called);
    found.reservations().add(added);
    if (!called.equals(name)) {
      String why = called.isEmpty() ? " is no host name" : " is shortened to its first label";
      found.notes().add(new Note(added, name + why));
    }
    return added;
  }
}
