package io.mammatus.core.machine;

import io.mammatus.core.net.Mac;
import org.jspecify.annotations.Nullable;

/**
 * A network card heard asking for an address.
 *
 * @param interfaceName the server's interface that heard it
 * @param smbiosUuid what it said of itself (DHCP option 97, RFC 4578, section 2.3)
 * @param firmware {@code bios}, {@code uefi-x64} … from its architecture (option 93)
 */
public record Sighting(
    Mac mac, String interfaceName, @Nullable String smbiosUuid, @Nullable String firmware) {}
