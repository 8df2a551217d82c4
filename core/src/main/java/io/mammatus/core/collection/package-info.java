/** Persistent collections: an update gives a new value and leaves the old one as it was. */
@NullMarked
package io.mammatus.core.collection;

import org.jspecify.annotations.NullMarked;
