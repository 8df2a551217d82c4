/** Address resolution (RFC 826), as far as it is needed to find out who uses an address. */
@NullMarked
package io.mammatus.protocols.arp;

import org.jspecify.annotations.NullMarked;
