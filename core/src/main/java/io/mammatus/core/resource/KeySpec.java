package io.mammatus.core.resource;

/**
 * A public SSH key.
 *
 * @param publicKey one line as OpenSSH writes it: type, base64, comment
 */
public record KeySpec(String publicKey) implements Spec {

  private static final String LINE =
      "(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh.com"
          + "|sk-ecdsa-sha2-nistp256@openssh.com) [A-Za-z0-9+/]{32,}={0,2}( [^\\p{Cntrl}]{0,200})?";

  public KeySpec {
    publicKey = publicKey.strip();
    if (!publicKey.matches(LINE)) {
      throw new IllegalArgumentException(
          "publicKey: not a public SSH key on one line (ssh-ed25519 AAAA… comment)");
    }
  }
}
