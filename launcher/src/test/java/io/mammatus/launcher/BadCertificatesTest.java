package io.mammatus.launcher;

import static io.mammatus.launcher.ControlPlaneFixture.NOW;
import static io.mammatus.launcher.ControlPlaneFixture.SOON;
import static io.mammatus.launcher.ControlPlaneFixture.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.control.identity.CertificateAuthority;
import io.mammatus.control.identity.NodeCertificates;
import io.mammatus.control.identity.NodeRequest;
import io.mammatus.core.resource.NodeId;
import io.mammatus.platform.bus.FrameConnection;
import io.mammatus.platform.bus.Limits;
import io.mammatus.platform.bus.Reply;
import io.mammatus.protocols.agent.AgentMessages;
import io.vertx.core.Future;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates that are not good, or not any more: TLS itself turns them away, which is counted.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadCertificatesTest {

  private final Path folder;
  private final ControlPlaneFixture control;

  BadCertificatesTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    control = new ControlPlaneFixture(BadCertificatesTest.class, folder);
  }

  @AfterAll
  void close() {
    control.close();
  }

  @Test
  void anotherCasCertificateIsNotLetIn() throws Exception {
    MachineFixture machine = control.machine().admitted();
    CertificateAuthority other = CertificateAuthority.open(folder.resolve("other"), NOW);
    machine.stores(certificate(other, machine, machine.node()));
    // An honest client does not even show it to a server that names another CA.
    assertThat(code(machine.helloOrFailure())).isEqualTo("forbidden");
    assertThat(code(insist(machine))).isEqualTo("closed");
    awaitRefused("certificate-of-another-authority");
  }

  /** Shows its certificate whatever the server asks for. */
  private Reply insist(MachineFixture machine) throws Exception {
    String certificate = machine.identity.certificate().orElseThrow();
    return insist(
        machine,
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII))),
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(der(machine.identity.privateKeyPem()))));
  }

  private Reply insist(MachineFixture machine, X509Certificate certificate, PrivateKey key) {
    KeyCertOptions stubborn = KeyCertOptions.wrap(new Stubborn(certificate, key));
    NetClient client =
        control
            .vertx()
            .createNetClient(
                new NetClientOptions()
                    .setSsl(true)
                    .setTrustAll(true)
                    .setHostnameVerificationAlgorithm("")
                    .setKeyCertOptions(stubborn));
    return machine.on(() ->
        client
            .connect(control.agents().port(), control.agents().host())
            .compose(socket ->
                new FrameConnection(
                        control.vertx(),
                        socket,
                        (operation, body) -> Future.succeededFuture(Reply.ok()),
                        Limits.MEMBER)
                    .request(AgentMessages.HELLO, new byte[0]))
            .otherwise(e -> Reply.retry("closed", String.valueOf(e.getMessage())))
            .eventually(client::close));
  }

  private static byte[] der(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
  }

  /** A key manager that has one certificate and always gives it. */
  private static final class Stubborn extends X509ExtendedKeyManager {
    private final X509Certificate certificate;
    private final PrivateKey key;

    Stubborn(X509Certificate certificate, PrivateKey key) {
      this.certificate = certificate;
      this.key = key;
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {"it"};
    }

    @Override
    public String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return "it";
    }

    @Override
    public String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return "it";
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }

  @Test
  void anExpiredCertificateIsNotLetIn() throws Exception {
    MachineFixture machine = control.machine().admitted();
    CertificateAuthority past =
        CertificateAuthority.open(
            folder.resolve("identity"), () -> NOW.instant().minus(Duration.ofDays(100)));
    machine.stores(certificate(past, machine, machine.node()));
    assertThat(machine.identity.isCertificateDue(NOW.instant())).isTrue();
    assertThat(code(machine.helloOrFailure())).isEqualTo("closed");
    awaitRefused("certificate-expired");
    // It asks without it, and gets another.
    String renewed = Objects.requireNonNull(machine.asks().certificate());
    machine.stores(renewed);
    assertThat(machine.identity.isCertificateDue(NOW.instant())).isFalse();
  }

  @Test
  void aServersCertificateIsNoNodes() throws IOException {
    CertificateAuthority same = CertificateAuthority.open(folder.resolve("identity"), NOW);
    CertificateAuthority.Issued server = same.issueServer(List.of("localhost"));
    assertThat(code(insist(control.machine(), server.certificate(), server.keys().getPrivate())))
        .isEqualTo("closed");
    awaitRefused("certificate-not-for-nodes");
  }

  @Test
  void whoeverDoesNotSpeakTlsIsNotLetIn() throws IOException {
    double before = control.refused("tls-handshake");
    try (Socket socket = new Socket(control.agents().host(), control.agents().port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      await().atMost(SOON).until(() -> control.refused("tls-handshake") > before);
    }
  }

  /** TLS does not say whom it did not let in: it is counted, and no machine's record. */
  private void awaitRefused(String reason) {
    await().atMost(SOON).until(() -> control.refused(reason) == 1);
    assertThat(control.records()).noneMatch(record -> record.reason().equals(reason));
  }

  private static String certificate(
      CertificateAuthority signer, MachineFixture machine, NodeId node) throws IOException {
    return CertificateAuthority.pem(
        signer.issueNode(
            NodeRequest.parse(machine.identity.signingRequest()).publicKey(),
            NodeCertificates.uri(node)));
  }
}
