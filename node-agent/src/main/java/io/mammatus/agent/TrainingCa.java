package io.mammatus.agent;

import io.mammatus.agent.identity.Der;
import io.mammatus.agent.identity.Pem;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import javax.security.auth.x500.X500Principal;

/** A CA (RFC 5280) that lives as long as one training run and signs whatever it is asked to. */
final class TrainingCa {

  private static final Duration LIFE = Duration.ofDays(90);
  private static final byte[] ISSUER = new X500Principal("CN=training").getEncoded();
  private static final byte[] TRUE = {1, 1, (byte) 0xff};
  private static final byte[] NOTHING = {};

  /** id-kp-serverAuth and id-kp-clientAuth (RFC 5280, section 4.2.1.12). */
  private static final byte[] SERVER = Der.oid(0x2b, 6, 1, 5, 5, 7, 3, 1);

  private static final byte[] CLIENT = Der.oid(0x2b, 6, 1, 5, 5, 7, 3, 2);

  private final KeyPair keys = key();
  private final KeyPair server = key();
  private final byte[] certificate = sign("CN=training", keys.getPublic(), extension(19, TRUE));

  TrainingCa() throws GeneralSecurityException {}

  private static KeyPair key() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  byte[] certificate() {
    return certificate.clone();
  }

  String pem() {
    return Pem.write("CERTIFICATE", certificate);
  }

  String serverKey() {
    return Pem.write("PRIVATE KEY", server.getPrivate().getEncoded());
  }

  String serverChain() throws GeneralSecurityException {
    return Pem.write("CERTIFICATE", sign("CN=server", server.getPublic(), extension(37, SERVER)))
        + pem();
  }

  /** A node's certificate for this key. */
  String node(PublicKey key) throws GeneralSecurityException {
    byte[] der = sign("CN=node", key, extension(37, CLIENT));
    var parsed =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    return Pem.write("CERTIFICATE", parsed.getEncoded());
  }

  /** An extension of id-ce (2.5.29), critical as basicConstraints must be. */
  private static byte[] extension(int number, byte[] value) {
    return Der.sequence(
        Der.oid(0x55, 0x1d, number),
        number == 19 ? TRUE : NOTHING,
        Der.octetString(Der.sequence(value)));
  }

  private byte[] sign(String subject, PublicKey key, byte[] extension)
      throws GeneralSecurityException {
    Instant now = Instant.now();
    byte[] toBeSigned =
        Der.sequence(
            Der.context(0, Der.integer(2)),
            Der.integer(System.nanoTime() & Long.MAX_VALUE),
            Der.ECDSA_WITH_SHA256,
            ISSUER,
            Der.sequence(Der.time(now.minus(Duration.ofHours(1))), Der.time(now.plus(LIFE))),
            new X500Principal(subject).getEncoded(),
            key.getEncoded(),
            Der.context(3, Der.sequence(extension)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(toBeSigned);
    return Der.sequence(toBeSigned, Der.ECDSA_WITH_SHA256, Der.bitString(signature.sign()));
  }
}
