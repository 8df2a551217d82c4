@NullMarked
package io.mammatus.platform.http;

import org.jspecify.annotations.NullMarked;
