/** The one program: puts the services together, all of them or one at a time. */
@NullMarked
package io.mammatus.launcher;

import org.jspecify.annotations.NullMarked;
