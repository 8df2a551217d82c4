package io.mammatus.metadata;

import io.mammatus.platform.config.Default;
import java.util.List;

/**
 * Where the metadata service listens.
 *
 * @param address the link-local address that every image knows
 * @param interfaces the interfaces that get the address, if they do not have it; none to leave them
 *     alone
 */
public record MetadataConfig(
    @Default("169.254.169.254") String address, @Default("80") int port, List<String> interfaces) {

  public MetadataConfig {
    interfaces = List.copyOf(interfaces);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: from 1 to 65535");
    }
  }
}
