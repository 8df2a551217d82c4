/** The metadata service: tells instances who they are, from views in memory. */
@NullMarked
package io.mammatus.metadata;

import org.jspecify.annotations.NullMarked;
