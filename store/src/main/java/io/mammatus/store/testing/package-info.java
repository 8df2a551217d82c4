/**
 * For tests of this and other modules: a real PostgreSQL per JVM and a database per test class.
 * Nothing but tests may use it.
 */
@NullMarked
package io.mammatus.store.testing;

import org.jspecify.annotations.NullMarked;
