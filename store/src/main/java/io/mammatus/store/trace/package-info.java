/**
 * What only repeats and never changes the state: each packet's verdict, renewals, heartbeats. Kept
 * beside the log, bounded and aged, so that {@code why} can tell it without the log growing.
 */
@NullMarked
package io.mammatus.store.trace;

import org.jspecify.annotations.NullMarked;
