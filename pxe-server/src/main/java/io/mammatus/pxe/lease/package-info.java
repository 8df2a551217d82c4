/**
 * Addresses of pools, for clients that are neither machines nor instances. {@code LeaseBook} thinks
 * and knows no clock, {@code LeaseKeeper} writes down what it decides before anybody is told,
 * {@code LeasedNames} knows what those clients call themselves.
 */
@NullMarked
package io.mammatus.pxe.lease;

import org.jspecify.annotations.NullMarked;
