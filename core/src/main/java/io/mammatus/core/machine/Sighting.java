package io.mammatus.core.machine;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import org.jspecify.annotations.Nullable;

/**
 * A network card heard asking for an address.
 *
 * @param interfaceName the server's interface that heard it
 * @param link an address of the link that it is on, where a relay told it (RFC 2131, giaddr; RFC
 *     3527)
 * @param smbiosUuid what it said of itself (DHCP option 97, RFC 4578, section 2.3)
 * @param firmware {@code bios}, {@code uefi-x64} … from its architecture (option 93)
 */
public record Sighting(
    Mac mac,
    String interfaceName,
    @Nullable Ipv4 link,
    @Nullable String smbiosUuid,
    @Nullable String firmware) {

  /** Heard on the server's own link. */
  public Sighting(
      Mac mac, String interfaceName, @Nullable String smbiosUuid, @Nullable String firmware) {
    this(mac, interfaceName, null, smbiosUuid, firmware);
  }
}
