/** The connection to the control plane. */
@NullMarked
package io.mammatus.agent.link;

import org.jspecify.annotations.NullMarked;
