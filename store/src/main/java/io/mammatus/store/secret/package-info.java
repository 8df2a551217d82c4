/** What proves an API token: a digest, never the token. */
@NullMarked
package io.mammatus.store.secret;

import org.jspecify.annotations.NullMarked;
