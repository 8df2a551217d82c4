package io.mammatus.cli;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.cli.Cloud.Result;
import io.mammatus.control.write.Origin;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Uid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each command, given to a real API. */
class CommandsTest {

  private static final String KEY = "sha256:" + "ab".repeat(32);
  private static final String NETWORK =
      """
      kind: network
      metadata: {name: lan, labels: {site: lab}}
      spec:
        cidr: 10.88.0.0/24
        interfaceName: eth1
        server: 10.88.0.1
        gateway: 10.88.0.1
        machines: 10.88.0.10-10.88.0.99
        instances: 10.88.0.100-10.88.0.199
        lease: PT1H
      ---
      kind: flavor
      metadata: {name: small}
      spec: {cpus: 1, memoryMiB: 512, diskGiB: 5}
      """;

  @TempDir private Path folder;
  private Cloud cloud;

  @BeforeEach
  void start() throws IOException {
    cloud = new Cloud(CommandsTest.class, folder);
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void asksForTheFingerprintAtFirstContactAndKeepsTheLoginPrivate() throws IOException {
    Result unknown = cloud.run("machine", "list");
    assertThat(unknown.code()).isEqualTo(ExitCode.FAILED);
    assertThat(unknown.err()).contains("not logged in", "mammatus login");

    String token = folder.resolve("token").toString();
    Result first = cloud.run("login", cloud.address(), "--token-file", token);
    assertThat(first.code()).isEqualTo(ExitCode.FAILED);
    assertThat(first.err()).contains(cloud.fingerprint());
    Result wrong =
        cloud.run("login", cloud.address(), "--token-file", token, "--ca-fingerprint", KEY);
    assertThat(wrong.err()).contains("this is not the cloud");

    Result bad =
        cloud.runWith(
            "mam_" + "x".repeat(43), "login", cloud.address(), "--token-file", "-", "--yes");
    assertThat(bad.code()).isEqualTo(ExitCode.FAILED);
    assertThat(bad.err()).contains("token");

    cloud.login();
    Path file = folder.resolve("login").resolve("cloud.yaml");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void acceptsAMachineAndTellsWhy() {
    cloud.login();
    assertThat(cloud.runWith(NETWORK, "apply", "-f", "-").code()).isZero();
    hear("52:54:00:00:00:01");
    assertThat(cloud.run("machine", "list").out())
        .contains("NAME", "machine-1", "discovered", "10.88.0.10", "52:54:00:00:00:01");

    Result early = cloud.run("machine", "accept", "machine-1", "--fingerprint", KEY);
    assertThat(early.code()).isEqualTo(ExitCode.CONFLICT);
    ask("52:54:00:00:00:01", "10.88.0.10");
    Result accepted = cloud.run("machine", "accept", "machine-1", "--fingerprint", KEY);
    assertThat(accepted.code()).as(accepted.err()).isZero();
    assertThat(accepted.out()).contains("machine machine-1 is accepted");
    assertThat(cloud.run("machine", "why", "machine-1").out().lines())
        .hasSize(3)
        .first()
        .asString()
        .contains("+0.0s", "heard for the first time");
    assertThat(cloud.run("node", "list").out()).contains("machine-1", "joining");
    assertThat(cloud.run("machine", "boot", "machine-1", "disk").out())
        .contains("machine machine-1 boots its disk from now on");
    assertThat(cloud.run("machine", "get", "machine-1", "-o", "json").out())
        .containsPattern("\"boot\"\\s*:\\s*\"disk\"");
    assertThat(cloud.run("machine", "boot", "machine-1", "floppy").code())
        .isEqualTo(ExitCode.USAGE);
    assertThat(cloud.run("machine", "get", "machine-9").code()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(cloud.run("machine", "fly").code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void importsAnImageAndCreatesAnInstance() throws Exception {
    cloud.login();
    assertThat(cloud.runWith(NETWORK, "apply", "-f", "-").code()).isZero();
    Path image = image();
    Result imported = cloud.run("image", "import", image.toString());
    assertThat(imported.code()).as(imported.err()).isZero();
    assertThat(imported.err()).contains("rootfs.squashfs", "uploaded");
    assertThat(cloud.run("image", "import", image.toString()).err()).contains("there already");

    Path key =
        Files.writeString(folder.resolve("id.pub"), "ssh-ed25519 " + "A".repeat(68) + " me@home\n");
    assertThat(cloud.run("key", "add", "mine", key.toString()).code()).isZero();
    Result created =
        cloud.run(
            "instance",
            "create",
            "web",
            "--image",
            "debian-12",
            "--flavor",
            "small",
            "--ssh-key",
            key.toString());
    assertThat(created.code()).as(created.err()).isZero();
    assertThat(cloud.run("instance", "get", "web").out()).contains("- \"mine\"".replace("\"", ""));
    Result listed = cloud.run("instance", "list");
    assertThat(listed.out()).contains("web", "pending", "debian-12", "REASON");
    Result again =
        cloud.run("instance", "create", "web", "--image", "debian-12", "--flavor", "small");
    assertThat(again.code()).isEqualTo(ExitCode.CONFLICT);
    assertThat(cloud.run("instance", "delete", "web").code()).isZero();
    assertThat(
            cloud
                .run("flavor", "create", "big", "--cpus", "0", "--memory", "1G", "--disk", "5G")
                .err())
        .contains("spec.cpus");
    assertThat(
            cloud
                .run("flavor", "create", "big", "--cpus", "2", "--memory", "1G", "--disk", "5G")
                .code())
        .isZero();
    assertThat(cloud.run("events").out()).contains("SpecApplied", "flavor big");
  }

  @Test
  @Timeout(60)
  void givesUpWaitingWhenNothingHappens() {
    cloud.login();
    assertThat(cloud.runWith(NETWORK, "apply", "-f", "-").code()).isZero();
    Result late =
        cloud.run(
            ("instance create web --image none --flavor small --wait --timeout 1").split(" "));
    assertThat(late.code()).isEqualTo(ExitCode.FAILED);
    assertThat(late.err()).contains("after 1 s it is still pending");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "instance|delete|../flavors/small, '../flavors/small' is no name",
        "delete|instance|../flavors/small, is no name",
        "flavor|delete|.., is no name",
        "instance|get|a b, 'a b' is no name",
        "instance|why|a/b, is no name",
        "get|flavor|%zz, is no name",
        "instance|get|, is no name",
        "login|https://a b|--token-file|-, is no address",
        "login|a:99999|--token-file|-, is no address",
      })
  void refusesWhatIsNoNameAndNoAddress(String line, String message) {
    cloud.login();
    assertThat(cloud.runWith(NETWORK, "apply", "-f", "-").code()).isZero();
    Result refused = cloud.run(line.split("\\|", -1));
    assertThat(refused.err()).contains(message);
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(cloud.run("flavor", "get", "small").code()).isZero();
  }

  @Test
  void saysThatALogDoesNotReachSoFar() {
    cloud.login();
    Result beyond = cloud.run("events", "--after", "1000");
    assertThat(beyond.code()).isEqualTo(ExitCode.FAILED);
    assertThat(beyond.err()).contains("the log ends at", "start over");
  }

  @Test
  void tellsAStoryThatIsLongerThanAPage() {
    cloud.login();
    assertThat(cloud.runWith(NETWORK, "apply", "-f", "-").code()).isZero();
    for (int disk = 1; disk <= 1100; disk++) { // three of the pages that the client asks for
      submit(
          new Command.Apply(
              Kind.FLAVOR,
              new Uid(UUID.randomUUID()),
              Metadata.DEFAULT_WORKSPACE,
              "long",
              Map.of(),
              new FlavorSpec(1, 512, disk),
              null));
    }
    assertThat(cloud.run("flavor", "why", "long").out().lines()).hasSize(1100);
    assertThat(cloud.run("-o", "json", "flavor", "why", "long").out().split("\"position\"", -1))
        .hasSize(1101);
  }

  private Path image() throws Exception {
    Path image = Files.createDirectories(folder.resolve("image"));
    StringBuilder files = new StringBuilder();
    for (String file : new String[] {"rootfs.squashfs", "metadata.tar.gz"}) {
      byte[] content = file.repeat(100_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      Files.write(image.resolve(file), content);
      String digest =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
      files
          .append(files.isEmpty() ? "" : ",")
          .append(
              "\"%s\":{\"sha256\":\"%s\",\"bytes\":%d}".formatted(file, digest, content.length));
    }
    Files.writeString(
        image.resolve("manifest.json"),
        "{\"kind\":\"guest\",\"name\":\"debian-12\",\"version\":\"1\",\"files\":{" + files + "}}");
    return image;
  }

  private void hear(String mac) {
    submit(
        new Command.Enrol(
            new MachineId(new Uid(UUID.randomUUID())),
            new Sighting(Mac.parse(mac), "eth1", null, "uefi-x64")));
  }

  private void ask(String mac, String from) {
    submit(
        new Command.RequestAdmission(
            Mac.parse(mac), KEY, IpAddress.parse(from), new NodeId(new Uid(UUID.randomUUID()))));
  }

  private void submit(Command command) {
    assertThat(await(cloud.writer().submit(command, Origin.of("test", "test"))))
        .isInstanceOf(Outcome.Done.class);
  }
}
