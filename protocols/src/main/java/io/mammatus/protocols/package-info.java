/**
 * Pure codecs: bytes in, records out. No clock, no socket, no log; what is wrong with the input is
 * a value ({@link io.mammatus.protocols.Decoded}), never an exception.
 */
@NullMarked
package io.mammatus.protocols;

import org.jspecify.annotations.NullMarked;
