/**
 * The sockets that DHCP needs and Vert.x does not have: bound to one interface, and raw enough to
 * reach a client that has no address yet.
 */
@NullMarked
package io.mammatus.pxe.net;

import org.jspecify.annotations.NullMarked;
