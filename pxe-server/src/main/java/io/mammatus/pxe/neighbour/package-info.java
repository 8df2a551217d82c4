/**
 * Room for a thousand machines on one link in the kernel's table of neighbours. The table's usual
 * limit of 1,024 entries holds for all links and all network namespaces of a machine together; at
 * it, packets to whoever is not in the table are refused with ENOBUFS, and the kernel's log says
 * "neighbor table overflow".
 *
 * <p>The limits are sysctls of the machine's first network namespace alone (Linux 6.18, {@code
 * net/core/neighbour.c}: {@code neigh_sysctl_register}): elsewhere they can be neither seen nor
 * changed.
 */
@NullMarked
package io.mammatus.pxe.neighbour;

import org.jspecify.annotations.NullMarked;
