@NullMarked
package io.mammatus.platform.bus;

import org.jspecify.annotations.NullMarked;
