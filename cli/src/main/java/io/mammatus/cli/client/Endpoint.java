package io.mammatus.cli.client;

import java.net.URI;

/**
 * A cloud and the right to talk to it.
 *
 * @param address such as {@code https://10.88.0.1:8443}
 * @param caPem the only authority that is believed, as PEM
 * @param token the bearer token; never logged
 */
public record Endpoint(URI address, String caPem, String token) {

  @Override
  public String toString() {
    return address.toString();
  }
}
