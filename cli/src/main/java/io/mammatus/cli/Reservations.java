package io.mammatus.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads which card gets which address from other DHCP servers' configurations. */
final class Reservations {

  private static final String MAC = "([0-9A-Fa-f]{1,2}[:-]){5}[0-9A-Fa-f]{1,2}";
  private static final String IPV4 = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

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
  record Reservation(String mac, String address, String hostName) {}

  /**
   * What was found.
   *
   * @param skipped what has no place here, each with its reason
   */
  record Found(List<Reservation> reservations, List<String> skipped) {}

  private Reservations() {}

  /** From {@code reservations} of Kea's subnets, shared networks and of all. */
  static Found ofKea(String text) throws IOException {
    JsonNode root = KEA.readTree(text).path("Dhcp4");
    if (!root.isObject()) {
      throw new IOException("it has no section Dhcp4: is it kea-dhcp4.conf?");
    }
    Found found = new Found(new ArrayList<>(), new ArrayList<>());
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
    } else if (!address.matches(IPV4)) {
      found.skipped().add(host + ": it has no address");
    } else {
      found.reservations().add(reservation(mac, address, host.path("hostname").asText()));
    }
  }

  /** From the {@code dhcp-host} lines of dnsmasq. */
  static Found ofDnsmasq(String text) {
    Found found = new Found(new ArrayList<>(), new ArrayList<>());
    for (String line : text.lines().toList()) {
      String bare = line.replaceFirst("#.*", "").strip();
      if (bare.matches("dhcp-host\\s*=.*")) {
        dnsmasq(bare, bare.substring(bare.indexOf('=') + 1).split(",", -1), found);
      }
    }
    return found;
  }

  private static void dnsmasq(String line, String[] words, Found found) {
    List<String> macs = new ArrayList<>();
    String address = "";
    String name = "";
    for (String each : words) {
      String word = each.strip();
      if (word.matches(MAC)) {
        macs.add(word);
      } else if (word.matches(IPV4)) {
        address = word;
      } else if (word.equals("ignore") || word.startsWith("id:") || word.contains("*")) {
        found.skipped().add(line + ": " + word + " has no place here");
        return;
      } else if (word.matches(LABEL) && !word.matches("[0-9]+[smhdw]?|infinite")) {
        name = word;
      }
    }
    if (macs.isEmpty() || address.isEmpty()) {
      found.skipped().add(line + ": it names no hardware address or no IPv4 address");
      return;
    }
    if (macs.size() > 1) {
      found.skipped().add(line + ": one address for several cards; only the first gets it");
    }
    found.reservations().add(reservation(macs.getFirst(), address, name));
  }

  /** The first label of a name is what it is called on its network. */
  private static Reservation reservation(String mac, String address, String name) {
    List<String> octets = new ArrayList<>();
    for (String octet : mac.split("[:-]", -1)) {
      octets.add(octet.length() == 1 ? "0" + octet : octet);
    }
    String label = name.split("\\.", -1)[0];
    return new Reservation(
        String.join(":", octets).toLowerCase(Locale.ROOT),
        address,
        label.matches(LABEL) ? label : "");
  }
}
