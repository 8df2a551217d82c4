package io.mammatus.launcher.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.control.identity.CertificateAuthority;
import io.mammatus.launcher.Main;
import io.mammatus.platform.testing.Prerequisites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The four services as four processes over one PostgreSQL, with a real DHCP client and the real
 * agent: one story, in which each of them is killed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class ServicesIT {

  private static final Pattern TOKEN = Pattern.compile("mam_[A-Za-z0-9_-]+");
  private static final String MACHINE = "machine-1";

  private Ground ground;
  private ServiceProcess postgres;
  private ServiceProcess control;
  private ServiceProcess second;
  private ServiceProcess pxe;
  private ServiceProcess metadata;

  @SuppressWarnings("NullAway.Init") // the story's first steps make them
  private ServiceProcess agent;

  @SuppressWarnings("NullAway.Init")
  private Process dhcp;

  private Api api;
  private String token;

  @BeforeAll
  void start() throws Exception {
    Prerequisites.require("ip", "setpriv", "udhcpc", "curl");
    ground = new Ground();
    postgres =
        ground
            .service(
                "postgres",
                "",
                PostgresMain.class.getName(),
                List.of(ground.folder.resolve("pg").toString()))
            .startAndServe();
    control = controlPlane("control-plane", ground.server());
    second = controlPlane("control-plane-2", ground.secondServer());
    control.startAndServe();
    pxe =
        service(
            "pxe-server",
            "+net_bind_service,+net_raw",
            """
            boot:
              interfaces: [br0]
              loaders: %1$s/loaders
              images: %1$s/images
              blobs: %1$s/blobs
            """
                .formatted(ground.folder));
    metadata =
        service(
            "metadata-service", "+net_bind_service,+net_admin", "metadata:\n  interfaces: [br0]\n");
    pxe.start();
    metadata.start();
    pxe.awaitSaid("mammatus: ready");
    metadata.awaitSaid("mammatus: ready");
    Matcher found = TOKEN.matcher(control.said());
    assertThat(found.find()).isTrue();
    token = found.group();
    api = api(ground.server());
  }

  private Api api(String server) throws Exception {
    return new Api("https://" + server + ":8443", token, ground.folder.resolve("identity/ca.pem"));
  }

  private ServiceProcess controlPlane(String name, String server) throws IOException {
    return service(name, "control-plane", "", ground.controlPlaneAt(server));
  }

  private ServiceProcess service(String name, String capabilities, String yaml) throws IOException {
    return service(name, name, capabilities, yaml);
  }

  private ServiceProcess service(String name, String kind, String capabilities, String yaml)
      throws IOException {
    String database =
        "database: {socket: %s/pg/run/.s.PGSQL.5432, connections: 4}\n".formatted(ground.folder);
    Path config = ground.file(name + ".yaml", database + yaml);
    return ground.service(
        name,
        capabilities,
        Main.class.getName(),
        List.of("run", kind, "--config", config.toString()));
  }

  @AfterAll
  void stop() throws IOException {
    if (ground != null) {
      ground.close();
    }
  }

  private static <T> T await(String what, Callable<T> look, java.util.function.Predicate<T> is) {
    return Awaitility.await(what)
        .atMost(ServiceProcess.LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(look, is);
  }

  @Test
  @Order(1)
  void aMachineThatAsksForAnAddressIsEnrolledAndGetsOne() throws Exception {
    Path script =
        ground.file(
            "udhcpc.sh",
            """
            #!/bin/sh
            case $1 in
              bound | renew) ip address replace "$ip/24" dev "$interface" ;;
            esac
            echo "$1 $ip" >>%s
            """
                .formatted(leases()));
    Ground.run("chmod", "755", script.toString());
    dhcp =
        ground.startOnMachine(
            ground.folder.resolve("udhcpc.log"),
            "udhcpc",
            "-f",
            "-i",
            "eth0",
            "-t",
            "20",
            "-T",
            "1",
            "-s",
            script.toString());
    await("an address", this::leased, said -> said.contains("bound " + ground.host(10)));
    assertThat(machine().path("address").asText()).isEqualTo(ground.host(10));
    ground.inMachine("ip", "route", "add", "169.254.169.254", "dev", "eth0");
    assertThat(metadataStatus()).isEqualTo("403");
  }

  private Path leases() {
    return ground.folder.resolve("leases");
  }

  private String leased() throws IOException {
    return Files.exists(leases()) ? Files.readString(leases()) : "";
  }

  private JsonNode machine() throws IOException {
    return api.get("/v1/machines/" + MACHINE).path("status");
  }

  private String metadataStatus() throws IOException {
    return ground.inMachine(
        "curl",
        "-s",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
        "--max-time",
        "5",
        "http://169.254.169.254/latest/meta-data/");
  }

  /** Asks for the same address again, which the server's memory alone answers. */
  private void renew() throws IOException {
    long before = renewals();
    Ground.run("kill", "-USR1", Long.toString(dhcp.pid()));
    await("a renewal", this::renewals, now -> now > before);
  }

  private long renewals() throws IOException {
    return leased().lines().filter(("renew " + ground.host(10))::equals).count();
  }

  @Test
  @Order(2)
  void itsAgentIsAcceptedAndBecomesReady() throws Exception {
    String ca =
        CertificateAuthority.open(ground.folder.resolve("identity"), InstantSource.system())
            .fingerprint();
    Path config =
        ground.file(
            "node-agent.yaml",
            """
            control: %s:8444
            ca: %s
            bootMac: %s
            state: %s/agent-state
            stateDisk: false
            """
                .formatted(ground.server(), ca, Ground.MAC, ground.folder));
    agent = ground.agent(List.of("run", "node-agent", "--config", config.toString()));
    agent.start().awaitSaid("waiting: mammatus machine accept " + MACHINE);
    String fingerprint = machine().path("pending").path(0).asText();
    assertThat(agent.said()).contains("--fingerprint " + fingerprint);
    api.done(
        "POST", "/v1/machines/" + MACHINE + "/accept", "{\"fingerprint\":\"" + fingerprint + "\"}");
    agent.awaitSaid("mammatus-agent: ready");
    awaitReady();
  }

  private void awaitReady() {
    await("it is ready", () -> machine().path("phase").asText(), "ready"::equals);
  }

  /** What must not change. */
  private record Kept(String node, String address, String certificate, List<String> events) {}

  private Kept kept() throws IOException {
    return new Kept(
        machine().path("node").asText(),
        machine().path("address").asText(),
        Files.readString(ground.folder.resolve("agent-state/agent/certificate.pem")),
        api.events("machines", MACHINE));
  }

  private void isStill(Kept before) throws IOException {
    awaitReady();
    Kept now = kept();
    assertThat(now.node()).isEqualTo(before.node());
    assertThat(now.address()).isEqualTo(before.address());
    assertThat(now.certificate()).isEqualTo(before.certificate());
    assertThat(now.events()).startsWith(before.events().toArray(String[]::new));
    assertThat(new HashSet<>(now.events())).hasSameSizeAs(now.events());
    assertThat(now.events()).filteredOn(e -> e.endsWith(" MachineAccepted")).hasSize(1);
  }

  @Test
  @Order(3)
  void theControlPlaneIsKilled() throws Exception {
    Kept before = kept();
    control.kill();
    renew();
    assertThat(metadataStatus()).isEqualTo("403");
    control.startAndServe();
    isStill(before);
  }

  @Test
  @Order(4)
  void thePxeServerIsKilled() throws Exception {
    Kept before = kept();
    pxe.kill();
    pxe.startAndServe();
    renew();
    isStill(before);
  }

  @Test
  @Order(5)
  void theMetadataServiceIsKilled() throws Exception {
    Kept before = kept();
    metadata.kill();
    metadata.startAndServe();
    assertThat(metadataStatus()).isEqualTo("403");
    isStill(before);
  }

  @Test
  @Order(6)
  void theAgentIsKilled() throws Exception {
    Kept before = kept();
    agent.kill();
    agent.start().awaitSaid("mammatus-agent: ready");
    assertThat(agent.said()).doesNotContain("asks");
    isStill(before);
  }

  @Test
  @Order(7)
  void postgresqlDoesNotAnswerForAWhile() throws Exception {
    Kept before = kept();
    signalPostgres("-STOP");
    try {
      renew();
      assertThat(metadataStatus()).isEqualTo("403");
      assertThat(machine().path("address").asText()).isEqualTo(ground.host(10));
    } finally {
      signalPostgres("-CONT");
    }
    await(
        "a change is taken again",
        () -> api.done("PUT", "/v1/flavors/small", flavor(1)).path("kind").asText(),
        "flavor"::equals);
    isStill(before);
  }

  private void signalPostgres(String signal) throws IOException {
    String file = Files.readString(ground.folder.resolve("pg/data/postmaster.pid"));
    ProcessHandle server =
        ProcessHandle.of(Long.parseLong(file.lines().findFirst().orElseThrow())).orElseThrow();
    try (Stream<ProcessHandle> all = Stream.concat(Stream.of(server), server.descendants())) {
      for (ProcessHandle one : all.toList()) {
        Ground.run("kill", signal, Long.toString(one.pid()));
      }
    }
  }

  private static String flavor(int cpus) {
    return "{\"spec\":{\"cpus\":%d,\"memoryMiB\":64,\"diskGiB\":1}}".formatted(cpus);
  }

  @Test
  @Order(8)
  void theLeadingControlPlaneIsKilledAndTheOtherOnePlans() throws Exception {
    Kept before = kept();
    second.startAndServe();
    Api other = api(ground.secondServer());
    assertThat(other.get("/v1/machines/" + MACHINE).path("status").path("node").asText())
        .isEqualTo(before.node());
    control.kill();
    other.done(
        "PUT",
        "/v1/instances/web",
        "{\"spec\":{\"image\":\"debian\",\"flavor\":\"small\",\"network\":\"rack\"}}");
    JsonNode conditions =
        await(
            "the planner's word",
            () -> other.get("/v1/instances/web").path("status").path("conditions"),
            found -> found.size() > 0);
    assertThat(conditions.path(0).path("reason").asText()).isEqualTo("unknown-image");
    control.startAndServe();
    isStill(before);
  }

  @Test
  @Order(9)
  void whatTheySaidHasNoSecretAndALineARecord() {
    for (ServiceProcess one : List.of(postgres, control, second, pxe, metadata, agent)) {
      String said = one.saidEver();
      assertThat(said.replace("shown once): " + token, "")).doesNotContain(token, "PRIVATE KEY");
      assertThat(said.lines())
          .allMatch(line ->
              line.matches(
                  "(mammatus|mammatus-agent): .*|\\d{4}-\\d\\d-\\d\\dT\\S+Z [A-Z]+ \\S+ .*"));
    }
  }
}
