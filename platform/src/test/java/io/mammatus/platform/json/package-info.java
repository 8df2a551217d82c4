@NullMarked
package io.mammatus.platform.json;

import org.jspecify.annotations.NullMarked;
