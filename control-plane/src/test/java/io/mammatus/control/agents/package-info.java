/** Tests of the connections of agents. */
@NullMarked
package io.mammatus.control.agents;

import org.jspecify.annotations.NullMarked;
