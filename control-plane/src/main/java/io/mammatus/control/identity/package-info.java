/**
 * Whom the cloud believes, and what it shows of itself: the CA, its certificates, the
 * administrator's token.
 */
@NullMarked
package io.mammatus.control.identity;

import org.jspecify.annotations.NullMarked;
