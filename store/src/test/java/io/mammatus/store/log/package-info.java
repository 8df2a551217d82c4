@NullMarked
package io.mammatus.store.log;

import org.jspecify.annotations.NullMarked;
