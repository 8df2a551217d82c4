@NullMarked
package io.mammatus.core.net;

import org.jspecify.annotations.NullMarked;
