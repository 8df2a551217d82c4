/**
 * PostgreSQL, and the only SQL of the house.
 *
 * <p>{@link io.mammatus.store.Database} is the way in: it connects, refuses a server that may lose
 * what it acknowledged, and brings the schema up to date. The packages beside it hold one concern
 * each, with its table.
 */
@NullMarked
package io.mammatus.store;

import org.jspecify.annotations.NullMarked;
