/** The HTTP API: one shape for every kind. */
@NullMarked
package io.mammatus.control.api;

import org.jspecify.annotations.NullMarked;
