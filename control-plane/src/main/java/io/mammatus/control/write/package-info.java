/** The single writer: commands in, events out, the log in between. */
@NullMarked
package io.mammatus.control.write;

import org.jspecify.annotations.NullMarked;
