/**
 * One control plane at a time plans: who holds an advisory lock of PostgreSQL leads, and proves it
 * to the log by a fencing token, so that a leader that does not know of its end yet writes nothing.
 */
@NullMarked
package io.mammatus.store.leadership;

import org.jspecify.annotations.NullMarked;
