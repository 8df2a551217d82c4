/**
 * TFTP, read only. {@code SendState} thinks, {@code TftpTransfer} and {@code TftpServer} own a
 * socket each.
 */
@NullMarked
package io.mammatus.pxe.tftp;

import org.jspecify.annotations.NullMarked;
