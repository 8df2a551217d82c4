/** What happened: the events of the one log, each with its envelope. */
@NullMarked
package io.mammatus.core.log;

import org.jspecify.annotations.NullMarked;
