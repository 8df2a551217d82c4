package io.mammatus.launcher.services;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.log.MachineEvent.MachineAccepted;
import io.mammatus.core.log.MachineEvent.MachineEnrolled;
import io.mammatus.core.log.NodeEvent.CertificateIssued;
import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Mac;
import io.mammatus.platform.crash.CrashPoint;
import io.mammatus.protocols.agent.AgentMessages.AdmitReply;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.sighting.Sightings;
import io.mammatus.store.testing.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A control plane that dies at the worst moment, is started again and asked the same again: there
 * is one result, and the log has no gap. Needs no root: machines are addresses of the loopback
 * interface.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashIT {

  private static final String SERVER = "127.20.0.1";
  private static final Pattern TOKEN = Pattern.compile("mam_[A-Za-z0-9_-]+");
  private static final String SMALL = "{\"spec\":{\"cpus\":1,\"memoryMiB\":64,\"diskGiB\":1}}";

  /** SHA-256 of the one byte 'a'. */
  private static final String DIGEST =
      "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";

  @TempDir static Path folder;
  private TestDatabase database;
  private ServiceProcess control;
  private Api api;
  private int agents;
  private int machines;

  @SuppressWarnings("NullAway.Init") // JUnit calls start() first
  CrashIT() {}

  @BeforeAll
  void start() throws Exception {
    database = TestDatabase.fresh(CrashIT.class);
    int port = freePort();
    agents = freePort();
    Path config = folder.resolve("control-plane.yaml");
    Files.writeString(
        config,
        """
        database: {socket: %s, database: %s}
        controlPlane:
          identity: %s/identity
          blobs: %s/blobs
          api: %s:%d
          agents: %s:%d
          networks:
            - name: rack
              cidr: 127.20.0.0/16
              interfaceName: none
              server: 127.20.0.1
              machines: 127.20.1.1-127.20.1.200
              instances: 127.20.2.1-127.20.2.200
        """
            .formatted(
                database.settings().socket().orElseThrow(),
                database.settings().database(),
                folder,
                folder,
                SERVER,
                port,
                SERVER,
                agents));
    control =
        ServiceProcess.ofProgram(
            "control-plane",
            folder,
            List.of("-Dmammatus.crash=" + trap()),
            List.of("run", "control-plane", "--config", config.toString()));
    control.startAndServe();
    Matcher token = TOKEN.matcher(control.said());
    assertThat(token.find()).isTrue();
    api =
        new Api("https://" + SERVER + ":" + port, token.group(), folder.resolve("identity/ca.pem"));
    api.done("PUT", "/v1/flavors/small", SMALL);
    api.blob(DIGEST, "a");
    String file = "{\"sha256\":\"" + DIGEST + "\",\"bytes\":1}";
    api.done(
        "PUT",
        "/v1/images/debian",
        "{\"spec\":{\"version\":\"1\",\"files\":{\"rootfs\":%s,\"metadata\":%s}}}"
            .formatted(file, file));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @AfterAll
  void stop() {
    control.close();
    database.close();
  }

  @AfterEach
  void theLogHasNoGap() {
    List<LogEntry> log = log();
    for (int i = 0; i < log.size(); i++) {
      assertThat(log.get(i).position()).isEqualTo(i + 1L);
    }
  }

  private Path trap() {
    return folder.resolve("trap");
  }

  private List<LogEntry> log() {
    return await(new EventLog(database.database()).read(0, 10_000));
  }

  private interface Order {
    void give() throws Exception;
  }

  /** Gives an order, of which the process dies at the point; starts it again. */
  private void dieOf(CrashPoint point, Order order) throws Exception {
    Files.writeString(trap(), point.name());
    assertThatThrownBy(order::give).isInstanceOf(Exception.class);
    diedAndStartsAgain();
  }

  private void diedAndStartsAgain() throws Exception {
    assertThat(control.awaitEnd()).isEqualTo(CrashPoint.STATUS);
    control.startAndServe();
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_APPEND", "BEFORE_COMMIT", "AFTER_APPEND"})
  void anInstanceThatWasAskedForTwiceIsOneAndPlacedOnce(CrashPoint point) throws Exception {
    TestAgent agent = member();
    String name = "web-" + point.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    Order create =
        () ->
            api.done(
                "PUT",
                "/v1/instances/" + name,
                """
                {"spec":{"image":"debian","flavor":"small","network":"rack","keys":[]}}\
                """);
    dieOf(point, create);
    agent.join(certificate(agent));
    create.give();
    List<String> events =
        Awaitility.await()
            .atMost(ServiceProcess.LIMIT)
            .until(() -> names(api.events("instances", name)), e -> e.contains("InstancePlaced"));
    assertThat(events).filteredOn("SpecApplied"::equals).hasSize(1);
    assertThat(events).filteredOn("InstancePlaced"::equals).hasSize(1);
    assertThat(api.list("instances"))
        .filteredOn(i -> i.path("metadata").path("name").asText().equals(name))
        .hasSize(1);
  }

  private static List<String> names(List<String> events) {
    return events.stream().map(event -> event.substring(event.indexOf(' ') + 1)).toList();
  }

  /** Nobody repeats this one: the sighting stays in its table until there is a machine. */
  @ParameterizedTest
  @EnumSource(names = {"BEFORE_APPEND", "BEFORE_COMMIT", "AFTER_APPEND"})
  void aCardThatWasHeardBecomesOneMachine(CrashPoint point) throws Exception {
    Files.writeString(trap(), point.name());
    Mac mac = hear();
    diedAndStartsAgain();
    machine(mac);
    assertThat(log())
        .filteredOn(
            e -> e.event() instanceof MachineEnrolled enrolled && enrolled.mac().equals(mac))
        .hasSize(1);
  }

  @Test
  void aKeyThatAskedTwiceWaitsOnce() throws Exception {
    TestAgent agent = heard();
    dieOf(CrashPoint.AFTER_APPEND, agent::ask);
    assertThat(agent.ask().certificate()).isNull();
    assertThat(machine(agent.mac()).path("status").path("pending")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"BEFORE_COMMIT", "AFTER_APPEND"})
  void aMachineThatWasAcceptedTwiceIsOneNode(CrashPoint point) throws Exception {
    TestAgent agent = heard();
    assertThat(agent.ask().certificate()).isNull();
    dieOf(point, () -> accept(agent));
    accept(agent);
    assertThat(certificate(agent)).contains("BEGIN CERTIFICATE");
    assertThat(accepted(agent)).isEqualTo(1);
    assertThat(certificates(agent)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"BEFORE_CERTIFICATE", "BEFORE_CERTIFICATE_RECORD", "BEFORE_CERTIFICATE_REPLY"})
  void aCertificateThatGotLostIsMadeAnewWithoutAnotherDecision(CrashPoint point) throws Exception {
    TestAgent agent = heard();
    assertThat(agent.ask().certificate()).isNull();
    accept(agent);
    dieOf(point, agent::ask);
    String node = machine(agent.mac()).path("status").path("node").asText();
    agent.join(certificate(agent));
    assertThat(accepted(agent)).isEqualTo(1);
    assertThat(machine(agent.mac()).path("status").path("node").asText()).isEqualTo(node);
    // One that was recorded and never handed out opens nothing: its key never left the machine.
    assertThat(certificates(agent)).isEqualTo(point == CrashPoint.BEFORE_CERTIFICATE_REPLY ? 2 : 1);
  }

  private long accepted(TestAgent agent) {
    return log().stream()
        .filter(e ->
            e.event() instanceof MachineAccepted accepted
                && accepted.fingerprint().equals(agent.fingerprint()))
        .count();
  }

  private long certificates(TestAgent agent) throws IOException {
    String node = machine(agent.mac()).path("status").path("node").asText();
    return log().stream()
        .filter(e ->
            e.event() instanceof CertificateIssued issued && issued.node().toString().equals(node))
        .count();
  }

  private String certificate(TestAgent agent) throws IOException {
    AdmitReply reply = agent.ask();
    String certificate = reply.certificate();
    if (certificate == null) {
      throw new AssertionError("no certificate: " + reply);
    }
    return certificate;
  }

  private void accept(TestAgent agent) throws IOException {
    String name = machine(agent.mac()).path("metadata").path("name").asText();
    api.done(
        "POST",
        "/v1/machines/" + name + "/accept",
        "{\"fingerprint\":\"" + agent.fingerprint() + "\"}");
  }

  /** A node with room. */
  private TestAgent member() throws Exception {
    TestAgent agent = heard();
    assertThat(agent.ask().certificate()).isNull();
    accept(agent);
    agent.join(certificate(agent));
    return agent;
  }

  /** The agent of a machine that was heard. */
  private TestAgent heard() throws Exception {
    Mac mac = hear();
    String address = machine(mac).path("status").path("address").asText();
    return new TestAgent(
        database.vertx(),
        mac,
        folder.resolve("agent-" + mac.toString().replace(':', '-')),
        fingerprint(),
        address,
        SERVER,
        agents);
  }

  private String fingerprint() throws Exception {
    return io.mammatus.control.identity.CertificateAuthority.open(
            folder.resolve("identity"), java.time.InstantSource.system())
        .fingerprint();
  }

  private Mac hear() {
    Mac mac = new Mac(0x525400aa0000L + ++machines);
    await(
        new Sightings(database.database(), 4096)
            .note(new Sighting(mac, "none", null, null), Optional.empty(), Instant.now()));
    return mac;
  }

  private JsonNode machine(Mac mac) {
    return Awaitility.await()
        .atMost(ServiceProcess.LIMIT)
        .ignoreExceptions()
        .until(() -> find(mac), Optional::isPresent)
        .orElseThrow();
  }

  private Optional<JsonNode> find(Mac mac) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode machine : api.list("machines")) {
      if (machine.path("status").path("macs").toString().contains(mac.toString())) {
        found.add(machine);
      }
    }
    assertThat(found).hasSizeLessThan(2);
    @Nullable JsonNode only = found.isEmpty() ? null : found.getFirst();
    return Optional.ofNullable(only);
  }
}
