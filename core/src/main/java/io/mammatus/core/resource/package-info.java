/** The one shape of every kind: metadata, spec (what is wanted), status (what is). */
@NullMarked
package io.mammatus.core.resource;

import org.jspecify.annotations.NullMarked;
