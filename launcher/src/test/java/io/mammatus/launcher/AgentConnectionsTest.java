package io.mammatus.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.agent.AgentConfig;
import io.mammatus.agent.identity.NodeIdentity;
import io.mammatus.agent.link.ControlLink;
import io.mammatus.agent.link.RefusedException;
import io.mammatus.control.ControlPlane;
import io.mammatus.control.ControlPlaneConfig;
import io.mammatus.control.NetworkConfig;
import io.mammatus.control.identity.CertificateAuthority;
import io.mammatus.control.identity.NodeCertificates;
import io.mammatus.control.identity.NodeRequest;
import io.mammatus.control.write.Origin;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.ImageSpec;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachinePhase;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.core.resource.NodeStatus.Capacity;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Spec;
import io.mammatus.core.resource.Uid;
import io.mammatus.platform.bus.FrameConnection;
import io.mammatus.platform.bus.Limits;
import io.mammatus.platform.bus.Reply;
import io.mammatus.platform.config.HostPort;
import io.mammatus.platform.json.Json;
import io.mammatus.platform.metrics.Metrics;
import io.mammatus.protocols.agent.AgentMessages;
import io.mammatus.protocols.agent.AgentMessages.AdmitReply;
import io.mammatus.protocols.agent.AgentMessages.Hello;
import io.mammatus.protocols.agent.AgentMessages.InventoryReport;
import io.mammatus.protocols.agent.AgentMessages.Welcome;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.trace.TraceRecord;
import io.mammatus.store.trace.TraceWriter;
import io.mammatus.store.trace.Traces;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The control plane on a real PostgreSQL, and what connects to it over TLS: nodes with the agent's
 * own link, and those who should not be let in. Whoever is not is on record with the reason.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentConnectionsTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final InstantSource NOW = Clock.systemUTC();

  private final Path folder;
  private final TestDatabase test = TestDatabase.fresh(AgentConnectionsTest.class);
  private final Metrics metrics = new Metrics();
  private final CloudView view =
      TestDatabase.await(CloudView.open(test.database(), new EventLog(test.database())));
  private final TraceWriter traceWriter = new TraceWriter(test.database(), 10_000);
  private final Traces traces = new Traces(test.database());
  private final HostPort agents = new HostPort("127.0.0.1", freePort());
  private final ControlPlane control;
  private final CertificateAuthority ca;
  private int machines;

  AgentConnectionsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    // Machines call from 127.0.0.1 here, which is what the first of them gets.
    NetworkConfig network =
        new NetworkConfig(
            "lab",
            Cidr.parse("127.0.0.0/24"),
            "br0",
            Ipv4.parse("127.0.0.200"),
            Optional.empty(),
            AddressRange.parse("127.0.0.1-127.0.0.9"),
            AddressRange.parse("127.0.0.100-127.0.0.109"),
            List.of(),
            Optional.empty(),
            Duration.ofHours(1));
    control =
        new ControlPlane(
            test.vertx(),
            new ControlPlaneConfig(
                folder.resolve("identity"),
                folder.resolve("blobs"),
                new HostPort("127.0.0.1", freePort()),
                agents,
                8080,
                List.of(),
                false,
                List.of(network)),
            test.database(),
            view,
            traceWriter,
            metrics,
            NOW);
    TestDatabase.await(control.start().map(done -> true));
    ca = CertificateAuthority.open(folder.resolve("identity"), NOW);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeAll
  void stock() {
    Blob blob = new Blob("0".repeat(64), 1);
    apply(Kind.IMAGE, "debian-12", new ImageSpec("1", Map.of("rootfs", blob, "metadata", blob)));
    apply(Kind.FLAVOR, "small", new FlavorSpec(1, 256, 2));
    await().atMost(SOON).until(control.writer()::leads);
  }

  @AfterAll
  void close() {
    TestDatabase.await(view.close().map(done -> true));
    test.close();
  }

  // ---- what an operator and the wire do

  private void apply(Kind kind, String name, Spec spec) {
    does(
        new Command.Apply(
            kind,
            new Uid(UUID.randomUUID()),
            Metadata.DEFAULT_WORKSPACE,
            name,
            Map.of(),
            spec,
            null));
  }

  private void does(Command command) {
    assertThat(TestDatabase.await(control.writer().submit(command, Origin.of("test", "test"))))
        .isInstanceOf(Outcome.Done.class);
  }

  /** A machine of its own for each test. Its address is one that this machine can call from. */
  private final class Machine {
    final Mac mac = new Mac(0x525400000000L + ++machines);
    final NodeIdentity identity;
    final ControlLink link;
    final BlockingQueue<NodeDesired> desired = new LinkedBlockingQueue<>();
    final Context context = test.vertx().getOrCreateContext();

    Machine() {
      try {
        identity = NodeIdentity.loadOrCreate(folder.resolve("agent-" + machines));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      link = new ControlLink(test.vertx(), config());
    }

    AgentConfig config() {
      return new AgentConfig(agents, ca.fingerprint(), mac, folder, false, Optional.empty());
    }

    /** Heard on the wire; the address that it keeps is set to the one that it calls from. */
    Machine heard() {
      does(
          new Command.Apply(
              Kind.MACHINE,
              new Uid(UUID.randomUUID()),
              Metadata.DEFAULT_WORKSPACE,
              "machine-" + machines,
              Map.of(),
              new MachineSpec(List.of(mac), null),
              null));
      return this;
    }

    Resource<MachineSpec, MachineStatus> resource() {
      return view.cloud()
          .machine(new MachineId(view.cloud().owner(mac).orElseThrow().id()))
          .orElseThrow();
    }

    NodeId node() {
      return Objects.requireNonNull(resource().status().node());
    }

    <T> T on(Supplier<Future<T>> action) {
      Promise<T> promise = Promise.promise();
      context.runOnContext(v -> action.get().onComplete(promise));
      return TestDatabase.await(promise.future());
    }

    AdmitReply asks() {
      return on(() -> link.askAdmission(identity).onComplete(done -> link.endAdmission()));
    }

    void accepted() {
      does(
          new Command.AcceptMachine(
              resource().name(),
              identity.fingerprint(),
              false,
              new NodeId(new Uid(UUID.randomUUID()))));
    }

    void stores(String certificate) {
      try {
        identity.store(certificate);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    Machine admitted() {
      heard();
      assertThat(asks().certificate()).isNull();
      accepted();
      String certificate = Objects.requireNonNull(asks().certificate());
      stores(certificate);
      return this;
    }

    FrameConnection connects() {
      return on(() ->
          link.connect(
              identity,
              (operation, body) -> {
                desired.add(
                    Json.lenient()
                        .read(new String(body, StandardCharsets.UTF_8), NodeDesired.class));
                return Future.succeededFuture(Reply.ok());
              }));
    }

    Reply asks(FrameConnection connection, String operation, Object body) {
      return on(() ->
          connection.request(
              operation, Json.lenient().write(body).getBytes(StandardCharsets.UTF_8)));
    }

    Reply hello(FrameConnection connection) {
      return asks(connection, AgentMessages.HELLO, new Hello("boot-1", "test"));
    }

    /** All the way: admitted, greeted, its hardware told. */
    FrameConnection joins() {
      admitted();
      FrameConnection connection = connects();
      assertThat(hello(connection)).isInstanceOf(Reply.Ok.class);
      assertThat(asks(connection, AgentMessages.INVENTORY, hardware()))
          .isInstanceOf(Reply.Ok.class);
      return connection;
    }

    InventoryReport hardware() {
      return new InventoryReport(
          new Inventory(
              "cpu",
              2,
              2048,
              "bios",
              null,
              null,
              null,
              null,
              List.of(),
              List.of(new Inventory.Nic("eth0", mac, true, true))),
          new Capacity(2, 1024, 20, true));
    }

    NodeDesired awaitDesired(Predicate<NodeDesired> wanted) {
      try {
        for (int i = 0; i < 20; i++) {
          NodeDesired state = desired.poll(SOON.toSeconds(), TimeUnit.SECONDS);
          assertThat(state).isNotNull();
          if (wanted.test(state)) {
            return state;
          }
        }
        throw new AssertionError("the wanted state did not come");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    void leaves(FrameConnection connection) {
      context.runOnContext(v -> connection.close("leaves"));
    }
  }

  private TraceRecord awaitRecord(Predicate<TraceRecord> wanted) {
    await().atMost(SOON).until(() -> records().stream().anyMatch(wanted));
    return records().stream().filter(wanted).findFirst().orElseThrow();
  }

  private List<TraceRecord> records() {
    return TestDatabase.await(
        traces
            .from("agents", Long.MAX_VALUE, 1000)
            .map(all -> all.stream().map(Traces.Stored::trace).toList()));
  }

  private static String code(Reply reply) {
    return reply instanceof Reply.Failed failed ? failed.code() : "ok";
  }

  // ---- who belongs here

  @Test
  void aMachineBecomesANodeAndDoesWhatItIsTold() {
    Machine machine = new Machine();
    FrameConnection connection = machine.joins();
    assertThat(machine.resource().status().phase()).isEqualTo(MachinePhase.READY);
    NodeId node = machine.node();
    assertThat(machine.awaitDesired(d -> true).images()).hasSize(1);

    apply(Kind.INSTANCE, "web", new InstanceSpec("debian-12", "small", "lab", List.of(), null));
    NodeDesired told = machine.awaitDesired(d -> !d.instances().isEmpty());
    assertThat(told.instances())
        .singleElement()
        .satisfies(i -> assertThat(i.name()).isEqualTo("web"));
    NodeObserved.InstanceState running =
        new NodeObserved.InstanceState(
            told.instances().getFirst().id(), NodeObserved.State.RUNNING, "", "");
    assertThat(
            machine.asks(
                connection,
                AgentMessages.OBSERVED,
                new NodeObserved(told.generation(), true, List.of(running))))
        .isInstanceOf(Reply.Ok.class);
    assertThat(view.cloud().instance(running.id()).orElseThrow().status().phase())
        .isEqualTo(InstancePhase.RUNNING);
    assertThat(view.cloud().node(node).orElseThrow().status().observedGeneration())
        .isEqualTo(told.generation());

    does(new Command.Delete(Kind.INSTANCE, Metadata.DEFAULT_WORKSPACE, "web", null));
    NodeDesired emptied = machine.awaitDesired(d -> d.instances().isEmpty());
    machine.asks(
        connection,
        AgentMessages.OBSERVED,
        new NodeObserved(emptied.generation(), true, List.of()));
    assertThat(view.cloud().instance(running.id())).isEmpty();

    // What it was comes to the next connection, too; the old one ends.
    FrameConnection again = machine.connects();
    assertThat(machine.hello(again)).isInstanceOf(Reply.Ok.class);
    await().atMost(SOON).until(connection::isClosed);
    does(new Command.RevokeNode(machine.resource().name(), "the test is over"));
    await().atMost(SOON).until(again::isClosed);
  }

  @Test
  void theWelcomeSaysWhereFilesAre() {
    Machine machine = new Machine().admitted();
    FrameConnection connection = machine.connects();
    assertThat(machine.hello(connection))
        .isInstanceOfSatisfying(
            Reply.Ok.class,
            ok ->
                assertThat(
                        Json.lenient()
                            .read(new String(ok.body(), StandardCharsets.UTF_8), Welcome.class)
                            .blobs())
                    .isEqualTo("http://127.0.0.1:8080/blobs/sha256/"));
    // Said twice, it is the same node on the same connection.
    assertThat(machine.hello(connection)).isInstanceOf(Reply.Ok.class);
    machine.leaves(connection);
    await().atMost(SOON).until(() -> machine.resource().status().phase() == MachinePhase.LOST);
  }

  /** Its connection ends while the log is written that it is here. */
  @Test
  void aNodeThatGoesDuringItsGreetingIsNotTakenForOneThatStays() {
    Machine machine = new Machine().admitted();
    for (int i = 0; i < 5; i++) {
      FrameConnection connection = machine.connects();
      machine.context.runOnContext(v -> {
        connection
            .request(
                AgentMessages.HELLO,
                Json.lenient().write(new Hello("boot-2", "test")).getBytes(StandardCharsets.UTF_8))
            .onFailure(e -> connection.close("failed"));
        connection.close("in a hurry");
      });
      await().atMost(SOON).until(connection::isClosed);
    }
    await()
        .atMost(SOON)
        .until(() ->
            view.cloud().node(machine.node()).orElseThrow().status().phase() != NodePhase.READY);
  }

  @Test
  void aCertificateForTheSameKeyIsGivenAgain() {
    Machine machine = new Machine().admitted();
    String again = Objects.requireNonNull(machine.asks().certificate());
    machine.stores(again);
    FrameConnection connection = machine.connects();
    assertThat(machine.hello(connection)).isInstanceOf(Reply.Ok.class);
    machine.leaves(connection);
  }

  // ---- who does not

  @Test
  void withoutACertificateOnlyAdmissionMayBeAskedFor() {
    Machine stranger = new Machine();
    FrameConnection connection = stranger.connects();
    assertThat(code(stranger.hello(connection))).isEqualTo("forbidden");
    assertThat(
            code(
                stranger.asks(
                    connection, AgentMessages.OBSERVED, new NodeObserved(1, true, List.of()))))
        .isEqualTo("forbidden");
    for (String operation : List.of("hello", "observed")) {
      TraceRecord record =
          awaitRecord(r ->
              r.reason().equals("no-certificate")
                  && r.detail().getOrDefault("detail", "").startsWith(operation));
      assertThat(record.what()).isEqualTo("refused");
      assertThat(record.address()).contains(Ipv4.parse("127.0.0.1"));
    }
    stranger.leaves(connection);
  }

  @Test
  void aMachineThatNobodyHeardIsNotAdmitted() {
    Machine stranger = new Machine();
    refusedAdmission(stranger, "not-found");
    assertThat(awaitRecord(r -> r.mac().equals(Optional.of(stranger.mac))).reason())
        .isEqualTo("not-found");
  }

  @Test
  void aMachineThatCallsFromAnotherAddressIsNotAdmitted() {
    Machine machine = new Machine();
    // The first address is nobody's: this machine gets another than the one that it calls from.
    does(
        new Command.Enrol(
            new MachineId(new Uid(UUID.randomUUID())),
            new Sighting(new Mac(0x525400ff0000L + machines), "br0", null, null)));
    does(
        new Command.Enrol(
            new MachineId(new Uid(UUID.randomUUID())),
            new Sighting(machine.mac, "br0", null, null)));
    assertThat(machine.resource().status().address()).isNotEqualTo(Ipv4.parse("127.0.0.1"));
    refusedAdmission(machine, "forbidden");
    awaitRecord(r -> r.mac().equals(Optional.of(machine.mac)) && r.reason().equals("forbidden"));
  }

  private static void refusedAdmission(Machine machine, String code) {
    Promise<Throwable> failure = Promise.promise();
    machine.context.runOnContext(v ->
        machine
            .link
            .askAdmission(machine.identity)
            .onComplete(done -> machine.link.endAdmission())
            .onComplete(reply -> failure.fail("it was answered"), failure::complete));
    assertThat(TestDatabase.await(failure.future()))
        .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void anotherCasCertificateIsNotLetIn() throws Exception {
    Machine machine = new Machine().admitted();
    CertificateAuthority other = CertificateAuthority.open(folder.resolve("other"), NOW);
    machine.stores(certificate(other, machine, machine.node()));
    // An honest client does not even show it to a server that names another CA.
    assertThat(code(helloOrFailure(machine))).isEqualTo("forbidden");
    int before = records().size();
    assertThat(code(insist(machine))).isEqualTo("closed");
    await()
        .atMost(SOON)
        .until(() ->
            records().size() > before
                && records().stream()
                    .anyMatch(r ->
                        r.reason().equals("tls-handshake")
                            && r.detail().toString().contains("path building failed")));
  }

  /** Shows its certificate whatever the server asks for. */
  private Reply insist(Machine machine) throws Exception {
    String certificate = machine.identity.certificate().orElseThrow();
    KeyCertOptions stubborn =
        KeyCertOptions.wrap(
            new Stubborn(
                (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                            new ByteArrayInputStream(
                                certificate.getBytes(StandardCharsets.US_ASCII))),
                KeyFactory.getInstance("EC")
                    .generatePrivate(
                        new PKCS8EncodedKeySpec(der(machine.identity.privateKeyPem())))));
    NetClient client =
        test.vertx()
            .createNetClient(
                new NetClientOptions()
                    .setSsl(true)
                    .setTrustAll(true)
                    .setHostnameVerificationAlgorithm("")
                    .setKeyCertOptions(stubborn));
    return machine.on(() ->
        client
            .connect(agents.port(), agents.host())
            .compose(socket ->
                new FrameConnection(
                        test.vertx(),
                        socket,
                        (operation, body) -> Future.succeededFuture(Reply.ok()),
                        Limits.MEMBER)
                    .request(AgentMessages.HELLO, new byte[0]))
            .otherwise(e -> Reply.retry("closed", String.valueOf(e.getMessage())))
            .onComplete(done -> client.close().onFailure(Throwable::printStackTrace)));
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
    Machine machine = new Machine().admitted();
    CertificateAuthority past =
        CertificateAuthority.open(
            folder.resolve("identity"), () -> NOW.instant().minus(Duration.ofDays(100)));
    machine.stores(certificate(past, machine, machine.node()));
    assertThat(machine.identity.isCertificateDue(NOW.instant())).isTrue();
    assertThat(code(helloOrFailure(machine))).isEqualTo("closed");
    awaitRecord(
        r -> r.reason().equals("tls-handshake") && r.detail().toString().contains("validity"));
    // It asks without it, and gets another.
    String renewed = Objects.requireNonNull(machine.asks().certificate());
    machine.stores(renewed);
    assertThat(machine.identity.isCertificateDue(NOW.instant())).isFalse();
  }

  private static String certificate(CertificateAuthority signer, Machine machine, NodeId node)
      throws IOException {
    return CertificateAuthority.pem(
        signer.issueNode(
            NodeRequest.parse(machine.identity.signingRequest()).publicKey(),
            NodeCertificates.uri(node)));
  }

  /** Under TLS 1.3 a client may think that it is connected before its certificate was judged. */
  private static Reply helloOrFailure(Machine machine) {
    return machine.on(() ->
        machine
            .link
            .connect(machine.identity, (operation, body) -> Future.succeededFuture(Reply.ok()))
            .compose(connection -> connection.request(AgentMessages.HELLO, new byte[0]))
            .otherwise(e -> Reply.retry("closed", String.valueOf(e.getMessage()))));
  }

  @Test
  void aRevokedNodeIsNotLetIn() {
    Machine machine = new Machine().admitted();
    NodeId node = machine.node();
    does(new Command.RevokeNode(machine.resource().name(), "stolen"));
    FrameConnection connection = machine.connects();
    assertThat(code(machine.hello(connection))).isEqualTo("forbidden");
    assertThat(
            code(
                machine.asks(
                    connection, AgentMessages.OBSERVED, new NodeObserved(1, true, List.of()))))
        .isEqualTo("forbidden");
    assertThat(code(machine.asks(connection, AgentMessages.INVENTORY, machine.hardware())))
        .isEqualTo("forbidden");
    await()
        .atMost(SOON)
        .until(() ->
            records().stream().filter(r -> r.subject().equals(Optional.of(node.uid()))).count()
                == 3);
    machine.leaves(connection);
  }

  @Test
  void aNodeMayNotSpeakForAnother() {
    Machine machine = new Machine().admitted();
    FrameConnection connection = machine.connects();
    assertThat(machine.hello(connection)).isInstanceOf(Reply.Ok.class);
    String foreign = "node/" + UUID.randomUUID().toString().substring(0, 8) + "/observed";
    assertThat(code(machine.asks(connection, foreign, new NodeObserved(1, true, List.of()))))
        .isEqualTo("forbidden");
    TraceRecord record = awaitRecord(r -> r.reason().equals("not-its-own"));
    assertThat(record.subject()).contains(machine.node().uid());
    assertThat(record.detail().get("detail")).contains(foreign);
    machine.leaves(connection);
  }

  @Test
  void whatCannotBeReadIsRefusedAndTheConnectionStays() {
    Machine machine = new Machine().admitted();
    FrameConnection connection = machine.connects();
    assertThat(machine.hello(connection)).isInstanceOf(Reply.Ok.class);
    assertThat(code(machine.asks(connection, AgentMessages.OBSERVED, "no such thing")))
        .isEqualTo("invalid");
    awaitRecord(
        r -> r.reason().equals("invalid") && r.subject().equals(Optional.of(machine.node().uid())));
    assertThat(machine.hello(connection)).isInstanceOf(Reply.Ok.class);
    machine.leaves(connection);
  }

  @Test
  void moreStrangersThanOneMachineNeedsAreTurnedAway() {
    Machine stranger = new Machine();
    List<FrameConnection> all = new ArrayList<>();
    List<ControlLink> kept = new ArrayList<>(); // a link that is collected closes its connection
    for (int i = 0; i < 12; i++) {
      ControlLink link = new ControlLink(test.vertx(), stranger.config());
      kept.add(link);
      all.add(
          stranger.on(() ->
              link.connect(
                  stranger.identity, (operation, body) -> Future.succeededFuture(Reply.ok()))));
    }
    awaitRecord(r -> r.reason().equals("too-many-strangers"));
    await().atMost(SOON).until(() -> all.stream().anyMatch(FrameConnection::isClosed));
    assertThat(all).filteredOn(c -> !c.isClosed()).hasSizeLessThanOrEqualTo(8);
    all.forEach(stranger::leaves);
    // When they have gone, there is room again.
    await().atMost(SOON).until(() -> code(helloOrFailure(new Machine())).equals("forbidden"));
    assertThat(kept).hasSize(12);
  }
}
