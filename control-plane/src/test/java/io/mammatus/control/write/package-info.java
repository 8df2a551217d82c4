@NullMarked
package io.mammatus.control.write;

import org.jspecify.annotations.NullMarked;
