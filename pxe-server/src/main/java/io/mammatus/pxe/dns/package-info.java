/**
 * DNS for the cloud: authoritative for its own zones, live from the view, and a forwarder with a
 * cache for everything else. {@code QueryDecoder}, {@code Zones}, {@code DnsDecider} and {@code
 * ReplyEncoder} think; {@code DnsListener} and {@code UpstreamExchange} own the sockets.
 */
@NullMarked
package io.mammatus.pxe.dns;

import org.jspecify.annotations.NullMarked;
