package io.mammatus.metadata;

import io.mammatus.core.net.Ipv4;
import io.mammatus.platform.config.Default;
import io.mammatus.platform.config.Matches;
import io.mammatus.platform.config.Range;
import java.util.List;

/**
 * Where the metadata service listens.
 *
 * @param address the link-local address that every image knows
 * @param interfaces the interfaces that get the address, if they do not have it; none to leave them
 *     alone
 */
public record MetadataConfig(
    @Default("169.254.169.254") Ipv4 address,
    @Default("80") @Range(min = "1", max = "65535") int port,
    @Matches(value = "[A-Za-z0-9_.:-]{1,15}", noun = "an interface name") List<String> interfaces) {

  public MetadataConfig {
    interfaces = List.copyOf(interfaces);
  }
}
