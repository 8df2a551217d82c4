package io.mammatus.cli.client;

import io.mammatus.platform.tls.Believing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** TLS that believes one authority; and the first look at an authority that is not known yet. */
public final class CloudTls {

  private static final int TIMEOUT_MILLIS = 10_000;

  private CloudTls() {}

  static SSLContext trusting(String caPem) {
    try {
      Certificate ca =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(caPem.getBytes(StandardCharsets.US_ASCII)));
      return Believing.only(List.of(ca));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("this is no certificate in PEM form", e);
    }
  }

  private static SSLContext context(TrustManager[] trust) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust, null);
    return context;
  }

  /**
   * The authority that a server shows. Nothing is sent to it and nothing of it is believed yet:
   * compare the fingerprint.
   *
   * @throws IOException if there is no server, or its chain has no authority
   */
  public static X509Certificate shownBy(URI address) throws IOException {
    int port = address.getPort() < 0 ? 443 : address.getPort();
    try (SSLSocket socket =
        (SSLSocket) context(new TrustManager[] {new Anybody()}).getSocketFactory().createSocket()) {
      socket.connect(new java.net.InetSocketAddress(address.getHost(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.startHandshake();
      Certificate[] chain = socket.getSession().getPeerCertificates();
      X509Certificate last = (X509Certificate) chain[chain.length - 1];
      if (last.getBasicConstraints() < 0) {
        throw new IOException("the server shows no authority: give it with --ca FILE");
      }
      return last;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** {@code sha256:} and the digest of the certificate in DER form, in hexadecimal. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
  }

  /** The certificate as PEM (RFC 7468). */
  public static String pem(X509Certificate certificate) {
    try {
      String body =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
  }

  /** For the first look alone, over a connection that carries nothing. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
