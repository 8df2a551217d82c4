/** From desired and actual to steps, and the loop that takes them. */
@NullMarked
package io.mammatus.agent.converge;

import org.jspecify.annotations.NullMarked;
