@NullMarked
package io.mammatus.platform.config;

import org.jspecify.annotations.NullMarked;
