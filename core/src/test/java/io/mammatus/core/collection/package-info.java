@NullMarked
package io.mammatus.core.collection;

import org.jspecify.annotations.NullMarked;
