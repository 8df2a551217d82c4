/** Containers, by LXD's REST API over its unix socket. */
@NullMarked
package io.mammatus.agent.lxd;

import org.jspecify.annotations.NullMarked;
