@NullMarked
package io.mammatus.core.resource;

import org.jspecify.annotations.NullMarked;
