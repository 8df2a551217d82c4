package io.mammatus.agent.identity;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PinnedCaTest {

  private static final Duration DAY = Duration.ofDays(1);

  /** A CA that signs what it is asked to, for other tests' wrong certificates too. */
  private static final class Ca {
    final KeyPair keys = key();
    final X509Certificate certificate;

    Ca() throws Exception {
      certificate = sign(keys, keys, "CN=ca", Instant.now().plus(DAY), true, null);
    }

    X509Certificate leaf(@Nullable KeyPurposeId purpose, Instant notAfter) throws Exception {
      return sign(key(), keys, "CN=leaf", notAfter, false, purpose);
    }

    PinnedCa pin() throws Exception {
      return new PinnedCa(Fingerprints.of(certificate.getEncoded()));
    }
  }

  private static KeyPair key() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(
      KeyPair subject,
      KeyPair issuer,
      String name,
      Instant notAfter,
      boolean ca,
      @Nullable KeyPurposeId purpose)
      throws Exception {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Principal("CN=ca"),
            BigInteger.TWO,
            Date.from(Instant.now().minus(DAY.multipliedBy(30))),
            Date.from(notAfter),
            new X500Principal(name),
            subject.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
    if (purpose != null) {
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
  }

  private final Ca ours = new Ca();
  private final Ca theirs = new Ca();
  private final X509Certificate server =
      ours.leaf(KeyPurposeId.id_kp_serverAuth, Instant.now().plus(DAY));

  PinnedCaTest() throws Exception {}

  private void refused(String reason, X509Certificate... chain) {
    assertThatThrownBy(() -> ours.pin().checkServerTrusted(chain, "UNKNOWN"))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aServerOfTheCaIsBelieved() throws Exception {
    ours.pin().checkServerTrusted(chain(server, ours.certificate), "UNKNOWN");
  }

  private static X509Certificate[] chain(X509Certificate... chain) {
    return chain;
  }

  @Test
  void aServerOfAnotherCaIsNot() throws Exception {
    X509Certificate other = theirs.leaf(KeyPurposeId.id_kp_serverAuth, Instant.now().plus(DAY));
    refused("does not belong to the CA", other, theirs.certificate);
    refused("not signed by the cloud's CA", other, ours.certificate);
    refused("not signed by the cloud's CA", other, theirs.certificate, ours.certificate);
  }

  @Test
  void withoutTheCasCertificateNothingIs() {
    refused("does not belong to the CA", server);
  }

  /** Every node has one, signed by the same CA. */
  @Test
  void aNodesCertificateDoesNotPassForAServers() throws Exception {
    X509Certificate node = ours.leaf(KeyPurposeId.id_kp_clientAuth, Instant.now().plus(DAY));
    refused("not a server's", node, ours.certificate);
    refused("not a server's", ours.leaf(null, Instant.now().plus(DAY)), ours.certificate);
  }

  @Test
  void aNodesCertificateDoesNotPassForTheCa() throws Exception {
    KeyPair node = key();
    X509Certificate pretended =
        sign(
            node,
            ours.keys,
            "CN=ca",
            Instant.now().plus(DAY),
            false,
            KeyPurposeId.id_kp_clientAuth);
    X509Certificate forged =
        sign(key(), node, "CN=leaf", Instant.now().plus(DAY), false, KeyPurposeId.id_kp_serverAuth);
    refused("not signed by the cloud's CA", forged, pretended, ours.certificate);
  }

  @Test
  void anExpiredServerIsNot() throws Exception {
    X509Certificate expired = ours.leaf(KeyPurposeId.id_kp_serverAuth, Instant.now().minus(DAY));
    assertThatThrownBy(
            () -> ours.pin().checkServerTrusted(chain(expired, ours.certificate), "UNKNOWN"))
        .isInstanceOf(CertificateExpiredException.class);
  }

  @Test
  void nothingAtAllIsNot() {
    refused("showed no certificate");
  }

  @Test
  void nobodyIsAClientOfAnAgent() {
    assertThatThrownBy(
            () -> ours.pin().checkClientTrusted(chain(server, ours.certificate), "UNKNOWN"))
        .isInstanceOf(CertificateException.class);
  }
}
