@NullMarked
package io.mammatus.core.machine;

import org.jspecify.annotations.NullMarked;
