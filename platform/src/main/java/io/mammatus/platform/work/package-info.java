/** Work that blocks, kept off the event loops. */
@NullMarked
package io.mammatus.platform.work;

import org.jspecify.annotations.NullMarked;
