package io.mammatus.control.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Uid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {

  private static final InstantSource NOW = Clock.systemUTC();
  private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
  private static final String SERVER = "1.3.6.1.5.5.7.3.1";

  @TempDir Path temporary;

  private CertificateAuthority open(String folder) throws IOException {
    return CertificateAuthority.open(temporary.resolve(folder), NOW);
  }

  private static X509Certificate node(CertificateAuthority ca, NodeId id)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    return ca.issueNode(pair.getPublic(), NodeCertificates.uri(id));
  }

  @Test
  void isTheSameWhenItIsOpenedAgain() throws Exception {
    CertificateAuthority first = open("a");
    CertificateAuthority again = open("a");
    assertThat(again.fingerprint()).isEqualTo(first.fingerprint()).startsWith("sha256:");
    X509Certificate node = node(again, new NodeId(new Uid(UUID.randomUUID())));
    node.verify(first.certificate().getPublicKey());
    assertThat(open("b").fingerprint()).isNotEqualTo(first.fingerprint());
  }

  @Test
  void onlyItsUserReadsTheKey() throws Exception {
    open("a");
    Path folder = temporary.resolve("a");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca.pem"))))
        .isEqualTo("rw-------");
    assertThat(Files.list(folder)).hasSize(1);
  }

  @Test
  void aCaWhoseKeyOthersCanReadIsNotUsed() throws Exception {
    open("a");
    Files.setPosixFilePermissions(
        temporary.resolve("a/ca.pem"), PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> open("a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void aBrokenFileIsAFailureWithItsName() throws Exception {
    open("a");
    Path file = temporary.resolve("a/ca.pem");
    String whole = Files.readString(file);
    for (String broken : List.of("", "nonsense", whole.substring(0, whole.length() / 2))) {
      Files.writeString(file, broken);
      assertThatThrownBy(() -> open("a"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ca.pem");
    }
  }

  @Test
  void aNodesCertificateIsAClientsAndNothingElse() throws Exception {
    NodeId id = new NodeId(new Uid(UUID.randomUUID()));
    X509Certificate node = node(open("a"), id);
    assertThat(node.getExtendedKeyUsage()).containsExactly(CLIENT);
    assertThat(node.getBasicConstraints()).isEqualTo(-1);
    boolean[] usage = node.getKeyUsage();
    assertThat(usage[0]).as("digitalSignature").isTrue();
    assertThat(usage[5]).as("keyCertSign").isFalse();
    assertThat(NodeCertificates.node(node)).contains(id);
    assertThat(node.getNotAfter().toInstant())
        .isBetween(
            NOW.instant().plus(Duration.ofDays(89)), NOW.instant().plus(Duration.ofDays(91)));
  }

  @Test
  void aServersCertificateIsNoNodes() throws Exception {
    CertificateAuthority ca = open("a");
    X509Certificate server = ca.issueServer(List.of("10.88.0.1", "cloud.example")).certificate();
    server.verify(ca.certificate().getPublicKey());
    assertThat(server.getExtendedKeyUsage()).containsExactly(SERVER);
    assertThat(NodeCertificates.node(server)).isEmpty();
    assertThat(server.getSubjectAlternativeNames())
        .extracting(name -> name.get(1))
        .isEqualTo(List.of("10.88.0.1", "cloud.example"));
  }

  @Test
  void serialsDiffer() throws Exception {
    CertificateAuthority ca = open("a");
    NodeId id = new NodeId(new Uid(UUID.randomUUID()));
    assertThat(node(ca, id).getSerialNumber()).isNotEqualTo(node(ca, id).getSerialNumber());
  }

  @Test
  void itsClockSaysHowLongACertificateIsGood() throws Exception {
    open("a");
    InstantSource longAgo = () -> NOW.instant().minus(Duration.ofDays(100));
    CertificateAuthority past = CertificateAuthority.open(temporary.resolve("a"), longAgo);
    X509Certificate old = node(past, new NodeId(new Uid(UUID.randomUUID())));
    assertThatThrownBy(old::checkValidity).isInstanceOf(CertificateExpiredException.class);
    old.checkValidity(Date.from(longAgo.instant()));
  }
}
