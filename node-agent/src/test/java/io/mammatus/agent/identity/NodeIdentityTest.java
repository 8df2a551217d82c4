package io.mammatus.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIdentityTest {

  @TempDir Path temporary;

  private Path folder() {
    return temporary.resolve("agent");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void isMadeOnceAndKept() throws Exception {
    assertThat(NodeIdentity.exists(folder())).isFalse();
    NodeIdentity first = NodeIdentity.loadOrCreate(folder());
    assertThat(NodeIdentity.exists(folder())).isTrue();
    assertThat(NodeIdentity.loadOrCreate(folder()).fingerprint())
        .isEqualTo(first.fingerprint())
        .matches("sha256:[0-9a-f]{64}");
  }

  @Test
  void nobodyElseReadsIt() throws Exception {
    NodeIdentity identity = NodeIdentity.loadOrCreate(folder());
    identity.store("certificate");
    assertThat(mode(folder())).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(folder())) {
      for (Path file : files.toList()) {
        assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
      }
    }
  }

  @Test
  void theRequestIsSignedByTheKeyOfTheFingerprint() throws Exception {
    NodeIdentity identity = NodeIdentity.loadOrCreate(folder());
    try (PEMParser parser = new PEMParser(new StringReader(identity.signingRequest()))) {
      var request =
          new JcaPKCS10CertificationRequest((PKCS10CertificationRequest) parser.readObject());
      assertThat(request.getSubject()).hasToString("CN=node");
      assertThat(request.getAttributes()).isEmpty();
      assertThat(Fingerprints.of(request.getPublicKey().getEncoded()))
          .isEqualTo(identity.fingerprint());
      assertThat(
              request.isSignatureValid(
                  new JcaContentVerifierProviderBuilder().build(request.getPublicKey())))
          .isTrue();
    }
  }

  @Test
  void theCertificateIsKeptAndForgotten() throws Exception {
    NodeIdentity identity = NodeIdentity.loadOrCreate(folder());
    assertThat(identity.certificate()).isEmpty();
    identity.store("one");
    identity.store("two");
    assertThat(NodeIdentity.loadOrCreate(folder()).certificate()).contains("two");
    identity.forgetCertificate();
    identity.forgetCertificate();
    assertThat(NodeIdentity.loadOrCreate(folder()).certificate()).isEmpty();
  }

  /**
   * Killed while a file was written: what it left beside it neither counts nor stands in the way.
   */
  @Test
  void leftoversOfAKillAreHarmless() throws Exception {
    Files.createDirectories(folder());
    for (String name : List.of("key.pem.new", "public.pem.new", "certificate.pem.new")) {
      Files.writeString(folder().resolve(name), "half a fi");
    }
    NodeIdentity identity = NodeIdentity.loadOrCreate(folder());
    identity.store("certificate");
    assertThat(NodeIdentity.loadOrCreate(folder()).fingerprint()).isEqualTo(identity.fingerprint());
    assertThat(identity.certificate()).contains("certificate");
  }

  /** Killed between the key and its public half: nobody knows that key yet, so another is made. */
  @Test
  void halfAPairIsMadeAnewAndAnOldCertificateDoesNotStay() throws Exception {
    NodeIdentity first = NodeIdentity.loadOrCreate(folder());
    first.store("of the first key");
    Files.delete(folder().resolve("public.pem"));
    NodeIdentity second = NodeIdentity.loadOrCreate(folder());
    assertThat(second.fingerprint()).isNotEqualTo(first.fingerprint());
    assertThat(second.certificate()).isEmpty();
    assertThat(NodeIdentity.loadOrCreate(folder()).fingerprint()).isEqualTo(second.fingerprint());
  }

  @Test
  void aKeyThatCannotBeReadIsAFailureWithItsFolder() throws Exception {
    NodeIdentity identity = NodeIdentity.loadOrCreate(folder());
    assertThat(identity.fingerprint()).isNotEmpty();
    for (String broken :
        List.of("", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")) {
      Files.writeString(folder().resolve("key.pem"), broken);
      assertThatThrownBy(() -> NodeIdentity.loadOrCreate(folder()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(folder().toString());
    }
  }

  @Test
  void movesWithItsCertificate() throws Exception {
    NodeIdentity identity = NodeIdentity.loadOrCreate(folder());
    identity.store("certificate");
    Path disk = temporary.resolve("disk/agent");
    NodeIdentity moved = identity.copyTo(disk);
    assertThat(moved.fingerprint()).isEqualTo(identity.fingerprint());
    assertThat(moved.certificate()).contains("certificate");
    assertThat(mode(disk.resolve("key.pem"))).isEqualTo("rw-------");
    moved.store("newer");
    assertThat(NodeIdentity.loadOrCreate(disk).certificate()).contains("newer");
    assertThat(moved.copyTo(disk).certificate()).as("onto itself").contains("newer");
  }

  /** The key comes last: whatever was copied before a kill is no identity. */
  @Test
  void anUnfinishedMoveIsNoIdentity() throws Exception {
    NodeIdentity identity = NodeIdentity.loadOrCreate(folder());
    identity.store("certificate");
    Path disk = temporary.resolve("disk");
    identity.copyTo(disk);
    Files.delete(disk.resolve("key.pem"));
    assertThat(NodeIdentity.exists(disk)).isFalse();
  }
}
