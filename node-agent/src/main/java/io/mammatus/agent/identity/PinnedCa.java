package io.mammatus.agent.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.X509TrustManager;

/**
 * Believes one CA, known by the fingerprint that came with the boot script, and only where it
 * vouches for a server: a node's certificate is signed by the same CA, and must not pass for the
 * control plane's.
 */
public final class PinnedCa implements X509TrustManager {

  /** Extended key usage id-kp-serverAuth (RFC 5280, section 4.2.1.12). */
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  private final String fingerprint;

  public PinnedCa(String fingerprint) {
    this.fingerprint = fingerprint;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    if (chain.length == 0) {
      throw new CertificateException("the server showed no certificate");
    }
    X509Certificate server = chain[0];
    X509Certificate ca = find(chain);
    try {
      server.verify(ca.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the server's certificate is not signed by the cloud's CA", e);
    }
    List<String> usage = Objects.requireNonNullElse(server.getExtendedKeyUsage(), List.of());
    if (!usage.contains(SERVER_AUTH)) {
      throw new CertificateException("this certificate is not a server's");
    }
    server.checkValidity();
  }

  private X509Certificate find(X509Certificate[] chain) throws CertificateException {
    for (X509Certificate certificate : chain) {
      boolean pinned = Fingerprints.of(certificate.getEncoded()).equals(fingerprint);
      if (pinned && certificate.getBasicConstraints() >= 0) {
        return certificate;
      }
    }
    throw new CertificateException("the server does not belong to the CA " + fingerprint);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("an agent has no clients");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
