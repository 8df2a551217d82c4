@NullMarked
package io.mammatus.launcher;

import org.jspecify.annotations.NullMarked;
