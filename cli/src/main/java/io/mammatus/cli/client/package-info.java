/**
 * The HTTP API for Java programs: JSON trees in and out, over the JDK's own client.
 *
 * <p>Example: {@code new ApiClient(new Endpoint(address, caPem,
 * token)).get("/v1/machines/machine-1")}.
 */
@NullMarked
package io.mammatus.cli.client;

import org.jspecify.annotations.NullMarked;
