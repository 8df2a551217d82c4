/**
 * DHCP for hosts whose addresses the control plane chose. {@code DhcpDecider} and {@code
 * BootDecider} think, {@code DhcpServer} owns the socket.
 */
@NullMarked
package io.mammatus.pxe.dhcp;

import org.jspecify.annotations.NullMarked;
