package io.mammatus.pxe.dns;

import java.nio.file.Path;
import java.util.List;
import org.xbill.DNS.Name;

/**
 * What the DNS server needs to be told; the zones themselves are in the view.
 *
 * @param port to listen on, by UDP and TCP
 * @param upstreams asked in this order; those of {@code resolvConf} if there are none
 * @param fallback asked last
 * @param resolvConf the machine's own list of name servers
 * @param defaultZone of networks that have no domain
 */
public record DnsSettings(
    int port, List<Upstream> upstreams, Fallback fallback, Path resolvConf, String defaultZone) {

  public DnsSettings {
    upstreams = List.copyOf(upstreams);
    zone(defaultZone);
  }

  Name zone() {
    return zone(defaultZone);
  }

  private static Name zone(String text) {
    return Zones.name(text)
        .orElseThrow(() -> new IllegalArgumentException("zone: not a domain name: " + text));
  }
}
