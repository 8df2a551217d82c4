/**
 * The one message of IPv6 neighbour discovery (RFC 4861) that the boot server says.
 *
 * <pre>{@code
 * byte[] packet = RouterAdvertisement.noRouter(mac);
 * }</pre>
 */
@NullMarked
package io.mammatus.protocols.ndp;

import org.jspecify.annotations.NullMarked;
