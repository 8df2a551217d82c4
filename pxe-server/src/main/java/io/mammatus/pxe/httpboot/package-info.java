/** Boot scripts and node images over HTTP. */
@NullMarked
package io.mammatus.pxe.httpboot;

import org.jspecify.annotations.NullMarked;
