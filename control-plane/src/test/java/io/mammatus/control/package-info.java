@NullMarked
package io.mammatus.control;

import org.jspecify.annotations.NullMarked;
