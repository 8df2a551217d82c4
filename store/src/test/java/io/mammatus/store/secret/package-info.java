@NullMarked
package io.mammatus.store.secret;

import org.jspecify.annotations.NullMarked;
