package io.mammatus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: what it says and how it ends. */
class ProgramTest {

  private static final String BAD =
      """
      data: /var/lib/mammatus
      database: {socket: /run/postgresql/.s.PGSQL.5432, password: hunter2-secret}
      databse: 1
      controlPlane:
        api: everywhere
        bootPort: eighty
        acceptByName: maybe
        networks:
          - name: rack
            cidr: 10.20.0.0/40
            interfaceName: eno2
            server: 10.20.0.1
            machines: 10.20.1.0
            instances: 10.20.9.0-10.20.8.0
            lease: 3600
      boot:
        interface: [eno2]
        httpPort: 8080
      metadata:
        port: 99999
      """;

  /** Each value can be read, and is none that could be used. */
  private static final String USELESS =
      """
      data: /var/lib/mammatus
      database: {connections: 0}
      controlPlane:
        bootPort: 70000
        names: [1.2.3, cloud.example.org, -x]
        traceRecords: 7
        networks:
          - name: LAB_1
            cidr: 10.20.0.0/16
            interfaceName: an interface with a long name
            server: 10.20.0.1
            machines: 10.20.1.0-10.20.3.255
            instances: 10.20.16.0-10.20.63.255
            domain: rack..example
            lease: 5s
          - name: lab
            cidr: 10.30.0.0/24
            interfaceName: br0
            server: 10.31.0.1
            machines: 10.30.0.10-10.30.0.20
            instances: 10.30.0.20-10.30.1.30
      boot:
        interfaces: []
        httpPort: 0
        kernelArguments: [quiet, two words]
      metadata:
        address: 999.1.1.1
        interfaces: [eth/0]
      """;

  private record Ended(int status, String out, String err) {}

  private static Ended run(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).start();
    process.getOutputStream().close();
    String out = text(process.getInputStream());
    String err = text(process.getErrorStream());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), out, err);
  }

  private static String text(java.io.InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void allThatIsWrongWithAFileIsToldAtOnceWithLinesAndWithoutSecrets(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("cloud.yaml");
    Files.writeString(file, BAD);
    Ended ended = run("up", "--config", file.toString());
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err().lines())
        .containsExactly(
            "mammatus: " + file + " cannot be used:",
            "  line 1: set data (a folder) for the embedded PostgreSQL, or database for one that you run",
            "  line 3: databse: there is no such key; did you mean database?",
            "  line 5: controlPlane.api: not a host and port (like 127.0.0.1:8080): everywhere",
            "  line 6: controlPlane.bootPort: takes a whole number, not eighty",
            "  line 7: controlPlane.acceptByName: takes true or false, not maybe",
            "  line 10: controlPlane.networks[0].cidr: a prefix length is 0 to 32, not 40",
            "  line 13: controlPlane.networks[0].machines: not a range (like 10.88.0.10-10.88.0.99): 10.20.1.0",
            "  line 14: controlPlane.networks[0].instances: the range 10.20.9.0-10.20.8.0 is empty",
            "  line 15: controlPlane.networks[0].lease: not a duration (like 30s, 5m, 1h30m, 7d or PT1H): 3600",
            "  line 17: boot.interface: there is no such key; did you mean interfaces?",
            "  line 17: boot.interfaces: takes at least one value",
            "  line 20: metadata.port: takes from 1 to 65535, not 99999");
    assertThat(ended.out() + ended.err()).doesNotContain("hunter2");
  }

  @Test
  void valuesThatNothingCouldBeDoneWithAreToldAllAtOnceToo(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("cloud.yaml");
    Files.writeString(file, USELESS);
    Ended ended = run("up", "--config", file.toString());
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err().lines())
        .containsExactly(
            "mammatus: " + file + " cannot be used:",
            "  line 1: set data (a folder) for the embedded PostgreSQL, or database for one that you run",
            "  line 2: database: set address (host:port) for a server on the network, or socket (a path) for one on this machine",
            "  line 2: database.connections: takes from 1 to 100, not 0",
            "  line 4: controlPlane.bootPort: takes from 1 to 65535, not 70000",
            "  line 5: controlPlane.names[0]: not an IPv4 address (like 10.0.0.1): 1.2.3",
            "  line 5: controlPlane.names[2]: not a name or an IPv4 address (like cloud.example.org or 10.20.0.1): -x",
            "  line 6: controlPlane.traceRecords: takes from 1000 to 100000000, not 7",
            "  line 8: controlPlane.networks[0].name: takes lower case letters, digits and hyphens, not LAB_1",
            "  line 10: controlPlane.networks[0].interfaceName: takes an interface name, not an interface with a long name",
            "  line 14: controlPlane.networks[0].domain: takes a domain, not rack..example",
            "  line 15: controlPlane.networks[0].lease: takes from 1m to 365d, not 5s",
            "  line 19: controlPlane.networks[1].server: is not a host address of 10.30.0.0/24",
            "  line 21: controlPlane.networks[1].instances: overlaps with machines",
            "  line 21: controlPlane.networks[1].instances: the range 10.30.0.20-10.30.1.30 is not inside 10.30.0.0/24",
            "  line 23: boot.interfaces: takes at least one value",
            "  line 24: boot.httpPort: takes from 1 to 65535, not 0",
            "  line 25: boot.kernelArguments[1]: takes one word, not two words",
            "  line 27: metadata.address: not an IPv4 address (like 10.0.0.1): 999.1.1.1",
            "  line 28: metadata.interfaces[0]: takes an interface name, not eth/0");
  }

  @Test
  void aFileThatIsNotThereIsOneSentence() throws Exception {
    Ended ended = run("run", "pxe-server", "--config", "/nonexistent/pxe.yaml");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("/nonexistent/pxe.yaml cannot be used", "cannot be read");
    assertThat(ended.err().lines()).hasSize(2);
  }

  @Test
  void helpIsHelp() throws Exception {
    Ended up = run("up", "--help");
    assertThat(up.status()).isZero();
    assertThat(up.out()).contains("usage: mammatus up --config FILE", "NET_BIND_SERVICE");
    Ended service = run("run", "--help");
    assertThat(service.status()).isZero();
    assertThat(service.out()).contains("metadata-service", "Exit codes");
    Ended nothing = run("up");
    assertThat(nothing.status()).isEqualTo(2);
    assertThat(nothing.err()).startsWith("mammatus: usage:");
  }

  @Test
  void aServiceThatThereIsNotIsRefused() throws Exception {
    Ended ended = run("run", "pxe", "--config", "/nonexistent");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("there is no service pxe");
  }
}
