@NullMarked
package io.mammatus.store.trace;

import org.jspecify.annotations.NullMarked;
