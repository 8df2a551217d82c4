/** What a signed GRUB fetches over TFTP: its configuration, rendered, and the node image. */
@NullMarked
package io.mammatus.pxe.grub;

import org.jspecify.annotations.NullMarked;
