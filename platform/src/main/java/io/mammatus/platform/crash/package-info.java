/** Dying at a named place, for tests of what a crash leaves behind. */
@NullMarked
package io.mammatus.platform.crash;

import org.jspecify.annotations.NullMarked;
