/** What proves an API token or a node's certificate: digests and serial numbers, never a secret. */
@NullMarked
package io.mammatus.store.secret;

import org.jspecify.annotations.NullMarked;
