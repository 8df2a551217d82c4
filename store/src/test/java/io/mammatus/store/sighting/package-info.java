@NullMarked
package io.mammatus.store.sighting;

import org.jspecify.annotations.NullMarked;
