/** The agent of a node: it is told what the node should be, makes it so, and reports what is. */
@NullMarked
package io.mammatus.agent;

import org.jspecify.annotations.NullMarked;
