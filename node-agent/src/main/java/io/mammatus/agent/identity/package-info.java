/** Who this node is: its key, its certificate, and the CA that it believes. */
@NullMarked
package io.mammatus.agent.identity;

import org.jspecify.annotations.NullMarked;
