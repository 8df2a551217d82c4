@NullMarked
package io.mammatus.platform.logging;

import org.jspecify.annotations.NullMarked;
