package io.mammatus.pxe.httpboot;

import io.mammatus.core.net.Ipv4;
import io.mammatus.protocols.boot.KernelArguments;
import java.util.Optional;

/**
 * What every machine is told when it boots: where its agent finds the control plane, and how it
 * knows it for the right one.
 *
 * @param address empty for the address that the machine fetched its script from
 * @param port 1 to 65535
 * @param caFingerprint SHA-256 of the CA's certificate, 64 lower-case hexadecimal digits; public
 * @param further what an operator adds to every machine's kernel command line
 */
public record NodeBootSettings(
    Optional<Ipv4> address, int port, String caFingerprint, KernelArguments further) {

  public NodeBootSettings {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
    if (!caFingerprint.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a CA fingerprint is 64 lower-case hexadecimal digits");
    }
  }
}
