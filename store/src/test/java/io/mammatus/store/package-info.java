@NullMarked
package io.mammatus.store;

import org.jspecify.annotations.NullMarked;
