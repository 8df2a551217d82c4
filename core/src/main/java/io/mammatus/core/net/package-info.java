/**
 * Link and network addresses as values. Types are neutral: IPv4 is the only case now, IPv6 comes
 * beside it.
 */
@NullMarked
package io.mammatus.core.net;

import org.jspecify.annotations.NullMarked;
