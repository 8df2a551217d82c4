/**
 * A real PostgreSQL of our own beside the process: unpacked, initialised, started, watched, adopted
 * and stopped by us.
 *
 * <p>Example: {@code EmbeddedPostgres.start(new EmbeddedSettings(folder))} blocks until the server
 * takes connections on a unix socket in {@code folder/run}; {@code close()} stops it.
 *
 * <p>The server outlives a kill -9 of this process and is adopted by the next one: nothing is
 * recovered that need not be, and other processes keep their connections. See
 * docs/adr/0003-embedded-postgresql.md.
 */
@NullMarked
package io.mammatus.store.embedded;

import org.jspecify.annotations.NullMarked;
