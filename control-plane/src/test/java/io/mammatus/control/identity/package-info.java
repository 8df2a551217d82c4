@NullMarked
package io.mammatus.control.identity;

import org.jspecify.annotations.NullMarked;
