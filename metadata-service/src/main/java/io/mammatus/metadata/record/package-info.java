/** What there is to tell, once for every dialect. */
@NullMarked
package io.mammatus.metadata.record;

import org.jspecify.annotations.NullMarked;
