/**
 * The log of events with the current state beside it, written in one transaction.
 *
 * <p>Positions are dense and in commit order (docs/adr/0004-log-positions.md): who has seen
 * position n has seen everything up to n, so a reader resumes from a number and misses nothing.
 */
@NullMarked
package io.mammatus.store.log;

import org.jspecify.annotations.NullMarked;
