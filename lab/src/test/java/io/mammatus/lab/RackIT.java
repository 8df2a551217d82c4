package io.mammatus.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.lab.cloud.CloudUser;
import io.mammatus.lab.rack.Firmware;
import io.mammatus.lab.rack.Operator;
import io.mammatus.lab.rack.Rack;
import io.mammatus.lab.rack.VirtualMachine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One story on one rack, because a boot under emulation takes a minute: two servers come in, an
 * instance runs, and then everything is killed that can be killed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // JUnit calls the first method before the others
class RackIT {

  private static final Duration MINUTES = Duration.ofMinutes(5);
  private static final String NODE = "machine-1";

  private Rack rack;
  private CloudUser user;
  private Operator operator;
  private VirtualMachine bios;
  private VirtualMachine uefi;
  private Path foreignDisk;
  private boolean failed;

  @RegisterExtension
  final AfterTestExecutionCallback watch =
      test -> failed |= test.getExecutionException().isPresent();

  private String image;

  @BeforeAll
  void aRackWithTwoServersThatAreOff() throws IOException {
    assertThat(Preflight.missing(2, new Rack("mamtest", 1, List.of()).network()))
        .as("what this machine lacks for a virtual rack")
        .isEmpty();
    ImageBuild.run(line -> System.out.println("[rack] " + line));
    Rack names = new Rack("mamtest", 1, List.of());
    names.destroy();
    user = new CloudUser(Layout.rack("mamtest-user"));
    user.makeKey();
    rack = new Rack("mamtest", 1, List.of(user.kernelArgument()));
    operator = new Operator(user);
    rack.create();
    rack.network().openFromOutside();
    rack.cloud().start();
    user.logIn(rack.cloud().api(), rack.cloud().token().orElseThrow());
    // A battery that is empty: the clock says 2001. And a disk that somebody's data is on.
    foreignDisk = rack.folder().resolve("foreign.raw");
    bios =
        rack.add(
            new VirtualMachine.Shape(
                "server-1",
                Firmware.BIOS,
                "52:54:00:99:00:01",
                2048,
                8,
                List.of(
                    "-rtc",
                    "base=2001-01-01T00:00:00",
                    "-drive",
                    "if=none,id=foreign,format=raw,file=" + formatted(foreignDisk),
                    "-device",
                    "virtio-scsi-pci",
                    "-device",
                    "scsi-hd,drive=foreign")));
    uefi =
        rack.add(
            new VirtualMachine.Shape(
                "server-2", Firmware.UEFI, "52:54:00:99:00:02", 2048, 8, List.of()));
  }

  @AfterAll
  void nothingIsLeft() throws IOException {
    if (rack != null) {
      System.out.println("[rack] resident: " + rack.cloud().residentMiB() + " MiB");
      if (failed) {
        rack.stop();
        System.out.println("[rack] logs and consoles are kept in " + rack.folder());
      } else {
        rack.destroy();
        Rack.remove(Layout.rack("mamtest-user"));
      }
    }
  }

  @Test
  @Order(1)
  @Timeout(900)
  void serversThatWereOffBecomeNodesAfterTheirKeysWereCompared() throws IOException {
    bios.powerOn();
    Operator.Waiting first = operator.awaitAsking(bios);
    uefi.powerOn();
    Shell.Result wrong =
        user.attempt(
            "machine", "accept", first.name(), "--fingerprint", "sha256:" + "0".repeat(64));
    assertThat(wrong.ok()).isFalse();
    assertThat(wrong.output()).contains("no key with this fingerprint");
    assertThat(user.attempt("machine", "accept", first.name()).ok()).isFalse();
    operator.accept(first);
    assertThat(operator.awaitReady(bios)).isEqualTo(NODE);
    operator.accept(operator.awaitAsking(uefi));
    operator.awaitReady(uefi);
    assertThat(firmware(bios)).isEqualTo("bios");
    assertThat(firmware(uefi)).startsWith("uefi");
    assertThat(onNode("date +%Y").strip()).isNotEqualTo("2001");
  }

  private String firmware(VirtualMachine machine) throws IOException {
    return user.machine(machine.shape().mac())
        .orElseThrow()
        .path("status")
        .path("firmware")
        .asText();
  }

  private static Path formatted(Path disk) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(512L << 20);
    }
    Shell.run("mkfs.ext4", "-q", "-F", disk.toString());
    return disk;
  }

  @Test
  @Order(2)
  @Timeout(120)
  void onlyTheDiskThatWasEmptyIsTaken() throws IOException {
    String disks = onNode("/usr/lib/mammatus/state-disk list");
    assertThat(disks)
        .containsPattern("\"name\": \"sda\".*\"reason\": \"has a signature: ext4\"")
        .containsPattern("\"name\": \"vda\".*\"reason\": \"in use\"");
    assertThat(onNode("findmnt -n -o SOURCE /var/lib/mammatus").strip()).isEqualTo("/dev/vda");
    assertThat(Shell.run("e2label", foreignDisk.toString()).strip()).isEmpty();
    assertThat(Shell.run("dumpe2fs", "-h", foreignDisk.toString()))
        .as("never mounted, never written")
        .containsPattern("Mount count: +0\n");
  }

  @Test
  @Order(3)
  @Timeout(600)
  void anInstanceGetsItsNameKeyAndUserDataFromOurMetadataService() throws IOException {
    image = user.importGuest();
    user.run("flavor", "create", "small", "--cpus", "1", "--memory", "512", "--disk", "2");
    user.run("key", "add", "me", user.key() + ".pub");
    java.nio.file.Path userData = rack.folder().resolve("user-data");
    java.nio.file.Files.writeString(
        userData, "#cloud-config\nwrite_files:\n  - path: /etc/told\n    content: by user-data\n");
    user.run(
        "instance",
        "create",
        "web",
        "--image",
        image,
        "--flavor",
        "small",
        "--ssh-key",
        "me",
        "--user-data",
        userData.toString());
    String said =
        onInstance(
            "web",
            "cloud-init status --wait >/dev/null; hostname; cat /etc/told; df -h --output=size /;"
                + " sudo cat /run/cloud-init/result.json; ping -c1 -W5 -q "
                + rack.network().outsideAddress());
    assertThat(said).contains("web", "by user-data", "DataSourceEc2", "1 received");
    assertThat(said).as("the flavor's disk, and no more of the node's").contains("2.0G");
    assertThat(said).contains("\"errors\": []");
    List<String> asked = new ArrayList<>();
    user.ask("instance", "why", "web").forEach(item -> asked.add(item.path("text").asText()));
    assertThat(asked).anyMatch(text -> text.contains("/meta-data/instance-id"));
    assertThat(asked).anyMatch(text -> text.contains("/user-data"));
  }

  @Test
  @Order(4)
  @Timeout(600)
  void theCloudKilledInTheMiddleOfACreationFinishesIt() throws IOException {
    List<JsonNode> before = events(NODE);
    user.run(
        "instance", "create", "second", "--image", image, "--flavor", "small", "--ssh-key", "me");
    rack.cloud().kill();
    rack.cloud().start();
    assertThat(onInstance("second", "hostname").strip()).isEqualTo("second");
    assertThat(containers()).as("one container for each instance").isEqualTo(2);
    assertThat(events(NODE)).as("what `why` said before, it says again").containsAll(before);
    assertThat(events(NODE)).doesNotHaveDuplicates();
  }

  /** What the log has of a machine: each with its position, its time and its sentence. */
  private List<JsonNode> events(String machine) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (JsonNode item : user.ask("machine", "why", machine)) {
      if (item.path("kind").asText().equals("event")) {
        events.add(item);
      }
    }
    return events;
  }

  private int containers() throws IOException {
    int count = 0;
    for (JsonNode machine : user.list("machines")) {
      String address = machine.path("status").path("address").asText();
      count +=
          Integer.parseInt(
              node(
                      address,
                      "lxc list --format csv -c n </dev/null 2>/dev/null | grep -c '^i-' || true")
                  .strip());
    }
    return count;
  }

  @Test
  @Order(5)
  @Timeout(600)
  void postgresqlKilledAndThenBothLoseNothing() throws IOException {
    rack.cloud().killPostgres();
    Await.until(
        "the API answers again",
        MINUTES,
        () ->
            user.attempt(
                    "flavor", "create", "other", "--cpus", "1", "--memory", "256", "--disk", "1")
                .ok());
    rack.cloud().killPostgres();
    rack.cloud().kill();
    rack.cloud().start();
    assertThat(user.list("flavors")).hasSize(2);
    operator.awaitReady(bios);
    operator.awaitReady(uefi);
    assertThat(containers()).isEqualTo(2);
  }

  @Test
  @Order(6)
  @Timeout(600)
  void anAgentKilledIsBackAndMakesNothingTwice() throws IOException {
    user.run(
        "instance", "create", "third", "--image", image, "--flavor", "small", "--ssh-key", "me");
    JsonNode third = user.ask("instance", "get", "third");
    String home = third.path("status").path("node").asText();
    String container = "i-" + third.path("metadata").path("id").asText();
    String address = "";
    for (JsonNode machine : user.list("machines")) {
      if (machine.path("status").path("node").asText().equals(home)) {
        address = machine.path("status").path("address").asText();
      }
    }
    String agent = address;
    Await.until(
        "the agent has begun to make it",
        MINUTES,
        () ->
            node(agent, "lxc list --format csv -c n </dev/null 2>/dev/null || true")
                .contains(container));
    node(agent, "pkill -9 -f io.mammatus.agent.Main");
    assertThat(onInstance("third", "hostname").strip()).isEqualTo("third");
    assertThat(containers()).isEqualTo(3);
  }

  @Test
  @Order(7)
  @Timeout(900)
  void aNodeSwitchedOffAndOnWhilePostgresqlIsStoppedBootsAndKeepsEverything() throws IOException {
    String address = address(bios);
    String node =
        user.machine(bios.shape().mac()).orElseThrow().path("status").path("node").asText();
    bios.powerOff();
    rack.cloud().pausePostgres();
    bios.powerOn();
    try {
      Await.until(
          "it boots with its address while PostgreSQL does not answer",
          VirtualMachine.BOOT_LIMIT,
          () -> user.ssh("root", address, "true", 10).ok());
    } finally {
      rack.cloud().resumePostgres();
    }
    operator.awaitReady(bios);
    JsonNode after = user.machine(bios.shape().mac()).orElseThrow();
    assertThat(after.path("status").path("address").asText()).isEqualTo(address);
    assertThat(after.path("status").path("node").asText())
        .as("the same certificate: nobody had to accept it again")
        .isEqualTo(node);
    for (JsonNode instance : user.list("instances")) {
      String name = instance.path("metadata").path("name").asText();
      assertThat(onInstance(name, "hostname").strip()).isEqualTo(name);
    }
    assertThat(containers()).isEqualTo(3);
  }

  @Test
  @Order(8)
  @Timeout(300)
  void deletingAnInstanceRemovesItsContainer() throws IOException {
    for (String name : List.of("web", "second", "third")) {
      user.run("instance", "delete", name);
    }
    Await.until("the instances are gone", MINUTES, () -> user.list("instances").isEmpty());
    assertThat(containers()).isZero();
  }

  @Test
  @Order(9)
  @Timeout(300)
  void aRevokedNodeIsCutOffAndHasToAskAgain() throws IOException {
    user.run("node", "revoke", NODE, "--reason", "test");
    Await.until(
        "the machine asks again",
        MINUTES,
        () ->
            user.machine(bios.shape().mac())
                .filter(m -> m.path("status").path("pending").size() > 0)
                .isPresent());
    assertThat(user.ask("machine", "why", NODE).toString()).contains("NodeRevoked");
  }

  @Test
  @Order(10)
  void theCloudAndItsAgentsAreSmall() throws IOException {
    assertThat(rack.cloud().residentMiB()).as("cloud and PostgreSQL, MiB").isLessThan(512);
    String kib = node(address(uefi), "ps -C java -o rss= | sort -n | tail -1").strip();
    System.out.println("[rack] agent resident: " + Long.parseLong(kib) / 1024 + " MiB");
    assertThat(Long.parseLong(kib) / 1024).as("agent, MiB").isLessThan(160);
  }

  private String address(VirtualMachine machine) throws IOException {
    return user.machine(machine.shape().mac())
        .orElseThrow()
        .path("status")
        .path("address")
        .asText();
  }

  private String onNode(String command) throws IOException {
    return node(address(bios), command);
  }

  private String node(String address, String command) throws IOException {
    return Await.value(
        "ssh root@" + address + " " + command,
        MINUTES,
        () -> {
          Shell.Result result = user.ssh("root", address, command, 60);
          return result.status() == 255 ? Optional.empty() : Optional.of(result.output());
        });
  }

  private String onInstance(String name, String command) throws IOException {
    String address =
        Await.value(
            name + " has an address",
            MINUTES,
            () ->
                Optional.of(
                        user.ask("instance", "get", name).path("status").path("address").asText())
                    .filter(found -> !found.isEmpty()));
    return Await.value(
        "ssh debian@" + address,
        MINUTES,
        () -> {
          Shell.Result result = user.ssh("debian", address, command, 120);
          return result.ok() ? Optional.of(result.output()) : Optional.empty();
        });
  }
}
