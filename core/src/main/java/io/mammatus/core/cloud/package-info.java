/** The whole cloud as a value, and the two functions that move it: decide and evolve. */
@NullMarked
package io.mammatus.core.cloud;

import org.jspecify.annotations.NullMarked;
