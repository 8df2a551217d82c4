@NullMarked
package io.mammatus.control.api;

import org.jspecify.annotations.NullMarked;
