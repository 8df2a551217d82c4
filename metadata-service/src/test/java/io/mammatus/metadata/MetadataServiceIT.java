package io.mammatus.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.platform.testing.Prerequisites;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The service on 169.254.169.254 in one network namespace, and in another a card on the same layer
 * 2 that is an instance's, or pretends to be. Needs root; made and removed by the test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetadataServiceIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String SERVER = "mdt-s" + ProcessHandle.current().pid();
  private static final String CLIENT = "mdt-c" + ProcessHandle.current().pid();
  private static final String BASE = "http://169.254.169.254/latest/";
  private static final int AT_ONCE = 4;

  private final List<String> trace = new CopyOnWriteArrayList<>();
  private final List<Process> started = new ArrayList<>();
  private boolean made;

  private record Result(int status, String body) {}

  @BeforeAll
  void make() throws IOException {
    Prerequisites.require("ip");
    made = true;
    ip("netns", "add", SERVER);
    ip("netns", "add", CLIENT);
    ip("-n", SERVER, "link", "add", "br0", "type", "bridge");
    ip("-n", SERVER, "addr", "add", "10.88.0.1/24", "dev", "br0");
    ip("-n", SERVER, "link", "set", "br0", "up");
    ip(
        "link", "add", "cable", "netns", SERVER, "type", "veth", "peer", "name", "eth0", "netns",
        CLIENT);
    ip("-n", SERVER, "link", "set", "cable", "master", "br0", "up");
    Process server =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                SERVER,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName(),
                "br0",
                Integer.toString(AT_ONCE))
            .redirectErrorStream(true)
            .start();
    started.add(server);
    Thread.ofVirtual().start(() -> follow(server));
    await().atMost(SOON).until(() -> trace.contains("READY") || !server.isAlive());
    assertThat(trace).contains("READY");
  }

  private void follow(Process process) {
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().forEach(trace::add);
    } catch (IOException | UncheckedIOException e) {
      trace.add("output ended: " + e.getMessage());
    }
  }

  @AfterAll
  void remove() {
    started.forEach(Process::destroyForcibly);
    if (made) {
      ip("netns", "del", SERVER);
      ip("netns", "del", CLIENT);
    }
  }

  /** Each test begins with the instance's own card and address, and an empty neighbour table. */
  @BeforeEach
  void own() {
    be(Clouds.MAC.toString(), Clouds.ADDRESS.toString());
  }

  private void be(String mac, String address) {
    ip("-n", CLIENT, "link", "set", "eth0", "down");
    ip("-n", CLIENT, "addr", "flush", "dev", "eth0");
    ip("-n", CLIENT, "link", "set", "eth0", "address", mac);
    ip("-n", CLIENT, "addr", "add", address + "/24", "dev", "eth0");
    ip("-n", CLIENT, "link", "set", "eth0", "up");
    ip("-n", CLIENT, "route", "add", "169.254.169.254/32", "dev", "eth0");
    ip("-n", SERVER, "neigh", "flush", "all");
  }

  private static Result run(Duration limit, String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + " took longer than " + limit);
      }
      return new Result(process.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(Arrays.asList(arguments));
    Result result = run(Duration.ofSeconds(10), command.toArray(new String[0]));
    if (result.status() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + result.body());
    }
  }

  /** What the service answers: status, and body with the headers before it. */
  private static Result curl(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "ip",
                "netns",
                "exec",
                CLIENT,
                "curl",
                "-s",
                "-i",
                "--max-time",
                "15",
                "--noproxy",
                "*"));
    command.addAll(Arrays.asList(arguments));
    Result result = run(SOON, command.toArray(new String[0]));
    assertThat(result.status()).as(result.body()).isZero();
    return new Result(Integer.parseInt(result.body().split(" ", 3)[1]), result.body());
  }

  private String awaitTrace(Predicate<String> wanted) {
    await().atMost(SOON).until(() -> trace.stream().anyMatch(wanted));
    return trace.stream().filter(wanted).findFirst().orElseThrow();
  }

  @Test
  void anInstanceGetsItsOwn() {
    Result id = curl(BASE + "meta-data/instance-id");
    assertThat(id.status()).isEqualTo(200);
    assertThat(id.body()).endsWith("\r\n\r\ni-00000000-0000-0000-0000-000000000003");
    assertThat(curl(BASE + "user-data").body()).endsWith("#cloud-config\n");
    assertThat(curl(BASE + "meta-data/public-keys/").body()).endsWith("0=ana");
    assertThat(curl(BASE + "meta-data/nothing").status()).isEqualTo(404);
    assertThat(curl("-I", BASE + "user-data").status()).isEqualTo(200);
    awaitTrace(line -> line.contains("path=/latest/user-data") && line.contains("status=200"));
  }

  @Test
  void aNeighbourWithItsAddressGetsNothingAndIsOnRecord() {
    be("02:00:00:00:00:66", Clouds.ADDRESS.toString());
    Result answer = curl(BASE + "user-data");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).doesNotContain("cloud-config");
    awaitTrace(line ->
        line.contains("wrong-card")
            && line.contains("02:00:00:00:00:66")
            && line.contains("00000000-0000-0000-0000-000000000003"));
  }

  @Test
  void anAddressThatIsNobodysGetsNothing() {
    be(Clouds.MAC.toString(), "10.88.0.200");
    assertThat(curl(BASE + "user-data").status()).isEqualTo(403);
    awaitTrace(line -> line.contains("unknown-address") && line.contains("10.88.0.200"));
  }

  @Test
  void aMachineIsNoInstance() {
    be(Clouds.MACHINE_MAC.toString(), Clouds.MACHINE_ADDRESS.toString());
    assertThat(curl(BASE + "meta-data/").status()).isEqualTo(403);
    awaitTrace(line -> line.contains("not-an-instance"));
  }

  /** Whoever says that it speaks for another is believed as little. */
  @Test
  void headersDoNotSayWhoAsks() {
    be("02:00:00:00:00:66", "10.88.0.200");
    for (String header : List.of("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")) {
      String value = header.equals("Forwarded") ? "for=" + Clouds.ADDRESS : "" + Clouds.ADDRESS;
      assertThat(curl("-H", header + ": " + value, BASE + "user-data").status()).isEqualTo(403);
    }
  }

  @Test
  void thereAreNoTokensYetAndNothingIsWritten() {
    assertThat(
            curl("-X", "PUT", "-H", "X-aws-ec2-metadata-token-ttl-seconds: 60", BASE + "api/token")
                .status())
        .isEqualTo(403);
    assertThat(curl("-X", "POST", "-d", "x", BASE + "user-data").status()).isEqualTo(405);
    assertThat(curl("-X", "DELETE", BASE + "user-data").status()).isEqualTo(405);
  }

  /** More at once than it takes: the rest is told to come again, none is left without an answer. */
  @Test
  void whatIsTooMuchIsToldWhenToComeAgain() {
    String[] urls = new String[400];
    Arrays.fill(urls, BASE + "meta-data/instance-id");
    List<String> command =
        new ArrayList<>(
            List.of("-o", "/dev/null", "--parallel", "--parallel-immediate", "--parallel-max"));
    command.addAll(List.of("200", "-w", "%{http_code} %header{retry-after}\n"));
    List<String> all =
        new ArrayList<>(
            List.of(
                "ip",
                "netns",
                "exec",
                CLIENT,
                "curl",
                "-s",
                "--no-progress-meter",
                "--noproxy",
                "*",
                "--max-time",
                "20"));
    all.addAll(command);
    for (String url : urls) {
      all.add(url);
      all.addAll(List.of("-o", "/dev/null"));
    }
    List<String> answers =
        run(SOON, all.toArray(new String[0]))
            .body()
            .lines()
            .filter(line -> line.matches("[0-9]{3} .*"))
            .toList();
    assertThat(answers).hasSize(urls.length);
    assertThat(answers).allMatch(line -> line.startsWith("200") || line.equals("503 1"));
    assertThat(answers).contains("503 1");
    assertThat(answers).anyMatch(line -> line.startsWith("200"));
    awaitTrace(line -> line.contains("busy"));
    assertThat(curl(BASE + "meta-data/instance-id").status()).isEqualTo(200);
  }
}
