/** Measurements beside a yardstick, in one run. */
@NullMarked
package io.mammatus.lab.bench;

import org.jspecify.annotations.NullMarked;
