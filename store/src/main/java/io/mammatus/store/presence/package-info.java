/**
 * What processes tell each other that is no event: who holds which node's connection, where the
 * control plane is.
 */
@NullMarked
package io.mammatus.store.presence;

import org.jspecify.annotations.NullMarked;
