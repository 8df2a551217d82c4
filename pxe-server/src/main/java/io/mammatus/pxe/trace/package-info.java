/**
 * What became of every packet and every transfer: verdicts with a reason, for metrics and for
 * {@code why}.
 */
@NullMarked
package io.mammatus.pxe.trace;

import org.jspecify.annotations.NullMarked;
