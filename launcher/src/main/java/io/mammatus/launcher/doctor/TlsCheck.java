package io.mammatus.launcher.doctor;

import io.mammatus.core.net.Ipv4;
import io.mammatus.platform.tls.Believing;
import io.mammatus.pxe.HttpsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Whether firmware that believes the configured certificate would be served over TLS. Blocking. */
final class TlsCheck {

  private static final int PATIENCE_MILLIS = 5_000;
  private static final Duration SOON = Duration.ofDays(14);

  private TlsCheck() {}

  static List<Finding> examine(HttpsConfig https, Collection<Ipv4> addresses, Instant now) {
    String what = "certificate " + https.certificate();
    List<Finding> findings = new ArrayList<>();
    try (InputStream pem = Files.newInputStream(https.certificate())) {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        chain.add((X509Certificate) one);
      }
      if (chain.isEmpty()) {
        return List.of(Finding.wrong(what, "has no certificate in it"));
      }
      findings.add(validity(what, chain.getFirst().getNotAfter().toInstant(), now));
      SSLContext believing = Believing.only(chain);
      for (Ipv4 address : addresses) {
        findings.add(handshake(believing, address, https.port()));
      }
    } catch (IOException | GeneralSecurityException e) {
      findings.add(Finding.wrong(what, "cannot be read: " + e.getMessage()));
    }
    return findings;
  }

  private static Finding validity(String what, Instant end, Instant now) {
    return end.isBefore(now.plus(SOON))
        ? Finding.wrong(what, "ends at " + end + ": put a new one there, and restart")
        : Finding.ok(what, "valid until " + end);
  }

  private static Finding handshake(SSLContext believing, Ipv4 address, int port) {
    String at = "HTTPS at " + address + ":" + port;
    try (SSLSocket socket = (SSLSocket) believing.getSocketFactory().createSocket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getByAddress(address.octets()), port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return Finding.ok(at, "is what the certificate says");
    } catch (SSLException e) {
      return Finding.wrong(at, "firmware would refuse it: " + e.getMessage());
    } catch (IOException e) {
      return Finding.wrong(at, "no answer: " + e.getMessage());
    }
  }
}
