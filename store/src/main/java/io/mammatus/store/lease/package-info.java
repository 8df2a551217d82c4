/** Leases of pools and who answers for a network: what the boot servers write themselves. */
@NullMarked
package io.mammatus.store.lease;

import org.jspecify.annotations.NullMarked;
