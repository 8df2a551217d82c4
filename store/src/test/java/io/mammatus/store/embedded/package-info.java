@NullMarked
package io.mammatus.store.embedded;

import org.jspecify.annotations.NullMarked;
