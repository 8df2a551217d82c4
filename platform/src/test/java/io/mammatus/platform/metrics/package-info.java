@NullMarked
package io.mammatus.platform.metrics;

import org.jspecify.annotations.NullMarked;
