@NullMarked
package io.mammatus.core.cloud;

import org.jspecify.annotations.NullMarked;
