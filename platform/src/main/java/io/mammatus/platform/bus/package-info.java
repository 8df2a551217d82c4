/**
 * The frame connection between a node's agent and the control plane: the event bus's way onto the
 * wire.
 */
@NullMarked
package io.mammatus.platform.bus;

import org.jspecify.annotations.NullMarked;
