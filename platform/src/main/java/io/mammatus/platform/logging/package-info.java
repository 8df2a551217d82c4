/**
 * What a process says of itself while it runs: one line a record, on standard error.
 *
 * <p>What happened to the cloud is not here but in the log of events and in the trace; this is for
 * the operator of the program. Secrets are kept out by not naming them; {@link
 * io.mammatus.platform.logging.LogLine} blanks what has the form of one, in case a library does.
 */
@NullMarked
package io.mammatus.platform.logging;

import org.jspecify.annotations.NullMarked;
