/**
 * TFTP, read only. {@code SendState} thinks, {@code TftpServer} hears requests on an event loop,
 * and each {@code TftpTransfer} has a socket and a thread of its own.
 */
@NullMarked
package io.mammatus.pxe.tftp;

import org.jspecify.annotations.NullMarked;
