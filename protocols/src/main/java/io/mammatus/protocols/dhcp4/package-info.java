/**
 * DHCPv4 on the wire (RFC 2131, RFC 2132 and the options that booting over the network needs).
 *
 * <pre>{@code
 * switch (DhcpDecoder.decode(packet)) {
 *   case Ok(DhcpMessage message) -> answer(message);
 *   case DecodeError(int offset, String reason) -> count(reason);
 * }
 * }</pre>
 *
 * <p>The decoder takes hostile bytes: it never throws, and never holds more than the packet itself.
 * Option overload (RFC 2131, section 4.1) and split options (RFC 3396) are put together before an
 * option is read. To add an option: a record in {@link io.mammatus.protocols.dhcp4.DhcpOption} if
 * its shape is new, a line each in {@code OptionReader} and {@code OptionWriter}, a test with the
 * octets of its RFC's example.
 */
@NullMarked
package io.mammatus.protocols.dhcp4;

import org.jspecify.annotations.NullMarked;
