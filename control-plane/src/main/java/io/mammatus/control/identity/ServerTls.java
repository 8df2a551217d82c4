package io.mammatus.control.identity;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.util.List;

/** The cloud's certificates as Vert.x takes them. */
public final class ServerTls {

  private ServerTls() {}

  /**
   * A fresh certificate for these names, with the CA's behind it, so that a peer can find the CA by
   * fingerprint.
   */
  public static KeyCertOptions keyCert(CertificateAuthority ca, List<String> names) {
    CertificateAuthority.Issued issued = ca.issueServer(names);
    try {
      return new PemKeyCertOptions()
          .setKeyValue(Buffer.buffer(CertificateAuthority.pem(issued.keys().getPrivate())))
          .setCertValue(
              Buffer.buffer(
                  CertificateAuthority.pem(issued.certificate())
                      + CertificateAuthority.pem(ca.certificate())));
    } catch (IOException e) {
      throw new IllegalStateException("a certificate that was made can be written", e);
    }
  }

  /** Believes certificates that the CA signed. */
  public static TrustOptions trust(CertificateAuthority ca) {
    try {
      return new PemTrustOptions()
          .addCertValue(Buffer.buffer(CertificateAuthority.pem(ca.certificate())));
    } catch (IOException e) {
      throw new IllegalStateException("a certificate that was made can be written", e);
    }
  }
}
