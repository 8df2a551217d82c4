/**
 * What the packet path looks hosts up in: an immutable view, replaced as a whole when the cloud
 * changes.
 */
@NullMarked
package io.mammatus.pxe.view;

import org.jspecify.annotations.NullMarked;
