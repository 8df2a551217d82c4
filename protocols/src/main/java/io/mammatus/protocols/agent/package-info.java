/**
 * The frames that a node's agent and the control plane exchange over one mutual-TLS connection.
 *
 * <p>On the wire, all integers big-endian:
 *
 * <pre>
 *  u32 length of all that follows
 *  u8  kind: 1 request, 2 ok, 3 failed
 *  u32 id: chosen by whoever asks, repeated in the answer
 *  u8  length of the operation's name, then the name in ASCII (empty in answers)
 *  the rest: the body, JSON in UTF-8
 * </pre>
 *
 * Both ends may ask. A body that is not understood is an answer of kind failed, never a closed
 * connection; a frame that is not understood is a closed connection.
 */
@NullMarked
package io.mammatus.protocols.agent;

import org.jspecify.annotations.NullMarked;
