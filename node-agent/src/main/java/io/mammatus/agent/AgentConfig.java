package io.mammatus.agent;

import io.mammatus.core.net.Mac;
import io.mammatus.platform.config.HostPort;
import io.mammatus.platform.config.Matches;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an agent is told when it starts, by its boot script or by a file.
 *
 * @param control the control plane's address for agents
 * @param ca the fingerprint of the cloud's CA, {@code sha256:HEX}
 * @param bootMac the network card that the machine booted from
 * @param state where the key, the certificate and downloads are kept
 * @param stateDisk whether {@code state} is to be put on a disk of its own, claimed when the node
 *     is accepted
 * @param lxdSocket LXD's unix socket
 */
public record AgentConfig(
    HostPort control,
    @Matches(value = FINGERPRINT, noun = "sha256: and 64 hexadecimal digits") String ca,
    Mac bootMac,
    Path state,
    boolean stateDisk,
    Optional<Path> lxdSocket) {

  private static final String FINGERPRINT = "sha256:[0-9a-f]{64}";

  public AgentConfig {
    if (!ca.matches(FINGERPRINT)) {
      throw new IllegalArgumentException("ca: not sha256: and 64 hexadecimal digits");
    }
  }
}
