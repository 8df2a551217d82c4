/**
 * TFTP on the wire: RFC 1350, with the option extension (RFC 2347), block size (RFC 2348), time-out
 * and transfer size (RFC 2349) and window size (RFC 7440).
 */
@NullMarked
package io.mammatus.protocols.tftp;

import org.jspecify.annotations.NullMarked;
