package io.mammatus.pxe.httpboot;

import io.mammatus.core.net.Ipv4;
import java.util.Optional;

/**
 * Where a node's agent finds the control plane, and how it knows it for the right one.
 *
 * @param address empty for the address that the machine fetched its script from
 * @param port 1 to 65535
 * @param caFingerprint SHA-256 of the CA's certificate, 64 lower-case hexadecimal digits; public
 */
public record ControlEndpoint(Optional<Ipv4> address, int port, String caFingerprint) {

  public ControlEndpoint {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
    if (!caFingerprint.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a CA fingerprint is 64 lower-case hexadecimal digits");
    }
  }
}
