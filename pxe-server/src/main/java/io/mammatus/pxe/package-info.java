/**
 * The PXE server: DHCP, TFTP, HTTP boot and DNS, each of them decode, look up, decide (pure), act,
 * encode.
 *
 * <p>It answers from an immutable view of the cloud that others publish; the packet path touches no
 * database, and silence is a value with a reason.
 */
@NullMarked
package io.mammatus.pxe;

import org.jspecify.annotations.NullMarked;
