package io.mammatus.pxe;

import io.mammatus.core.net.Ipv4;
import io.mammatus.platform.config.Default;
import io.mammatus.platform.config.Matches;
import io.mammatus.platform.config.NotEmpty;
import io.mammatus.platform.config.Range;
import io.mammatus.pxe.dhcp.SecureBoot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The boot service's section of a configuration file.
 *
 * @param interfaces to serve DHCP and TFTP on
 * @param httpPort where scripts and images are served, on every address
 * @param loaders folder of boot loaders: {@code undionly.kpxe}, {@code snponly.efi}
 * @param images folder of node images, as {@code images/build} makes them: {@code
 *     node/VERSION/manifest.json}
 * @param blobs folder of guest images by digest, shared with the control plane
 * @param nodeImageVersion the node image to boot; the newest if absent
 * @param kernelArguments further words for the kernel's command line of every machine
 * @param secureBoot which x86-64 UEFI machines get the signed loaders
 * @param endIpv6Wait whether an iPXE is told that there is no IPv6 router to wait for
 * @param https the same over TLS, for firmware that can; there is none if empty
 * @param control the control plane's address as machines see it; the boot server's own if absent
 * @param dns names
 */
public record BootConfig(
    @NotEmpty @Matches(value = "[A-Za-z0-9_.:-]{1,15}", noun = "an interface name")
        List<String> interfaces,
    @Default("8080") @Range(min = "1", max = "65535") int httpPort,
    @Default("/var/lib/mammatus/loaders") Path loaders,
    @Default("/var/lib/mammatus/images") Path images,
    @Default("/var/lib/mammatus/blobs") Path blobs,
    Optional<String> nodeImageVersion,
    @Matches(value = "[\\x21-\\x7e]{1,256}", noun = "one word") List<String> kernelArguments,
    @Default("auto") SecureBoot secureBoot,
    @Default("false") boolean endIpv6Wait,
    Optional<HttpsConfig> https,
    Optional<Ipv4> control,
    DnsConfig dns) {

  public BootConfig {
    interfaces = List.copyOf(interfaces);
    kernelArguments = List.copyOf(kernelArguments);
  }
}
