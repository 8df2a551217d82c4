/** End to end, on the virtual rack. */
@NullMarked
package io.mammatus.lab;

import org.jspecify.annotations.NullMarked;
