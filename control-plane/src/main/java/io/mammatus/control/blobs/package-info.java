/** The files of images, by digest: what no image names any more goes. */
@NullMarked
package io.mammatus.control.blobs;

import org.jspecify.annotations.NullMarked;
