package io.mammatus.pxe;

import io.mammatus.platform.config.Default;
import io.mammatus.platform.config.Range;
import io.mammatus.pxe.dns.DnsSettings;
import io.mammatus.pxe.dns.Fallback;
import io.mammatus.pxe.dns.Upstream;
import java.nio.file.Path;
import java.util.List;

/**
 * What a configuration file says of DNS.
 *
 * @param enabled whether the server's addresses answer DNS
 * @param port to listen on; machines ask 53 only
 * @param upstreams asked for names elsewhere, in this order; those of /etc/resolv.conf if empty
 * @param fallback asked when none of the others answers
 * @param zone of networks that have no domain
 */
public record DnsConfig(
    @Default("true") boolean enabled,
    @Default("53") @Range(min = "1", max = "65535") int port,
    List<Upstream> upstreams,
    @Default("1.1.1.1") Fallback fallback,
    @Default("mammatus.internal") String zone) {

  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

  /** What holds if nothing is said. */
  public static final DnsConfig DEFAULT =
      new DnsConfig(true, 53, List.of(), Fallback.parse("1.1.1.1"), "mammatus.internal");

  public DnsConfig {
    upstreams = List.copyOf(upstreams);
    new DnsSettings(port, upstreams, fallback, RESOLV_CONF, zone); // refuses what is none
  }

  DnsSettings settings() {
    return new DnsSettings(port, upstreams, fallback, RESOLV_CONF, zone);
  }
}
