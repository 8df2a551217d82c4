/** The control plane: decides, plans, and serves the API and the nodes. */
@NullMarked
package io.mammatus.control;

import org.jspecify.annotations.NullMarked;
