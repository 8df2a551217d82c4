package io.mammatus.control.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NodeRequestTest {

  private static KeyPair key(String algorithm, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static byte[] der(KeyPair subject, PrivateKey signer, String algorithm) throws Exception {
    return new JcaPKCS10CertificationRequestBuilder(
            new X500Principal("CN=node"), subject.getPublic())
        .build(new JcaContentSignerBuilder(algorithm).build(signer))
        .getEncoded();
  }

  private static String pem(String label, byte[] der) throws Exception {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(label, der));
    }
    return text.toString();
  }

  private static final String LABEL = "CERTIFICATE REQUEST";

  @Test
  void aGoodRequestHasItsKeysFingerprint() throws Exception {
    KeyPair pair = key("EC", 256);
    NodeRequest request =
        NodeRequest.parse(pem(LABEL, der(pair, pair.getPrivate(), "SHA256withECDSA")));
    assertThat(request.fingerprint())
        .isEqualTo(CertificateAuthority.fingerprint(pair.getPublic().getEncoded()));
    assertThat(request.publicKey()).isEqualTo(pair.getPublic());
  }

  static Stream<Arguments> refused() throws Exception {
    KeyPair good = key("EC", 256);
    KeyPair other = key("EC", 256);
    KeyPair rsa = key("RSA", 2048);
    KeyPair wide = key("EC", 384);
    byte[] whole = der(good, good.getPrivate(), "SHA256withECDSA");
    return Stream.of(
        Arguments.of("", "not a certificate signing request"),
        Arguments.of("hello", "not a certificate signing request"),
        Arguments.of(pem("CERTIFICATE", whole), "cannot be read"),
        Arguments.of(pem(LABEL, new byte[] {1, 2, 3}), "cannot be read"),
        Arguments.of(pem(LABEL, java.util.Arrays.copyOf(whole, 40)), "cannot be read"),
        Arguments.of(
            pem(LABEL, der(good, other.getPrivate(), "SHA256withECDSA")), "not signed by its own"),
        Arguments.of(
            pem(LABEL, der(rsa, rsa.getPrivate(), "SHA256withRSA")), "not an ECDSA key on P-256"),
        Arguments.of(
            pem(LABEL, der(wide, wide.getPrivate(), "SHA384withECDSA")), "not an ECDSA key"),
        Arguments.of(pem(LABEL, whole) + " ".repeat(8192), "too long"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsWrongIsRefusedWithASentence(String text, String reason) {
    assertThatThrownBy(() -> NodeRequest.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  /**
   * Every single bit: whatever a stranger sends, the answer is a refusal or a key that is theirs.
   */
  @Test
  void damagedRequestsAreRefused() throws Exception {
    KeyPair pair = key("EC", 256);
    byte[] whole = der(pair, pair.getPrivate(), "SHA256withECDSA");
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      String text = pem(LABEL, damaged);
      try {
        assertThat(NodeRequest.parse(text).publicKey())
            .as("bit %d", bit)
            .isEqualTo(pair.getPublic());
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageMatching(".+");
      }
    }
  }
}
