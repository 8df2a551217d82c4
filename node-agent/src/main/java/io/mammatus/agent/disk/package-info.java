/** The state disk: what survives a power cycle. */
@NullMarked
package io.mammatus.agent.disk;

import org.jspecify.annotations.NullMarked;
