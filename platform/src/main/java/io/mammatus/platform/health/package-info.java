/**
 * Whether a process is alive and ready, as the sum of what its parts say.
 *
 * <p>Alive: it need not be restarted. Ready: it can do its work now. PostgreSQL being away makes a
 * service not ready (or degraded, when it answers from its views), never dead.
 */
@NullMarked
package io.mammatus.platform.health;

import org.jspecify.annotations.NullMarked;
