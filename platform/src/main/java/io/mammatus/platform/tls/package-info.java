/**
 * Whom a TLS client believes.
 *
 * <p>Example: {@code HttpClient.newBuilder().sslContext(Believing.only(List.of(ca)))} talks to
 * servers whose certificates this authority signed, and to no others.
 */
@NullMarked
package io.mammatus.platform.tls;

import org.jspecify.annotations.NullMarked;
