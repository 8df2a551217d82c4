@NullMarked
package io.mammatus.metadata;

import org.jspecify.annotations.NullMarked;
