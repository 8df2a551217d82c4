package io.mammatus.pxe;

import io.mammatus.pxe.dhcp.SecureBoot;
import io.mammatus.pxe.dns.DnsSettings;
import io.mammatus.pxe.httpboot.NodeBootSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a PXE server needs to be told; the networks themselves are in the view.
 *
 * @param interfaces to serve DHCP and TFTP on; they must exist at the start
 * @param httpPort of the boot server, on every address
 * @param loaders folder of boot loaders: {@code undionly.kpxe}, {@code snponly.efi}
 * @param images folder of images, with {@code node/VERSION/manifest.json} in it; need not exist yet
 * @param blobs folder of files by digest, {@code sha256/DIGEST}; need not exist yet
 * @param nodeImageVersion the node image to boot; the newest if empty
 * @param secureBoot which machines get the signed loaders
 * @param endIpv6Wait whether an iPXE is told that there is no IPv6 router to wait for
 * @param https the same over TLS, for firmware that can; there is none if empty
 * @param control told to the node's agent on its kernel command line
 * @param dns what the DNS server is told; there is none if empty
 */
public record PxeConfig(
    List<String> interfaces,
    int httpPort,
    Path loaders,
    Path images,
    Path blobs,
    Optional<String> nodeImageVersion,
    SecureBoot secureBoot,
    boolean endIpv6Wait,
    Optional<HttpsConfig> https,
    NodeBootSettings control,
    Optional<DnsSettings> dns) {

  public PxeConfig {
    interfaces = List.copyOf(interfaces);
    if (httpPort < 1 || httpPort > 65535) {
      throw new IllegalArgumentException("httpPort: a port is 1 to 65535, not " + httpPort);
    }
    for (String name : interfaces) {
      if (!name.matches("[A-Za-z0-9_.:-]{1,15}")) {
        throw new IllegalArgumentException("interfaces: not an interface name");
      }
    }
  }
}
