package io.mammatus.protocols.dhcp4;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;

/**
 * One entry of option 121 (RFC 3442).
 *
 * @param router {@link Ipv4#ANY} means that the destination is on the link itself (RFC 3442, "Local
 *     Subnet Routes")
 */
public record Route(Cidr destination, Ipv4 router) {}
