@NullMarked
package io.mammatus.store.leadership;

import org.jspecify.annotations.NullMarked;
