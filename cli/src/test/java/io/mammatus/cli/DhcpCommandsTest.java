package io.mammatus.cli;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.control.write.Origin;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.lease.Duties;
import io.mammatus.store.lease.Lease;
import io.mammatus.store.lease.Leases;
import io.mammatus.store.trace.TraceRecord;
import io.mammatus.store.trace.TraceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has which address, given to a real API. */
class DhcpCommandsTest {

  private static final String NETWORK =
      """
      kind: network
      metadata: {name: lan}
      spec:
        cidr: 10.88.0.0/24
        interfaceName: eth1
        server: 10.88.0.1
        gateway: 10.88.0.1
        machines: 10.88.0.10-10.88.0.99
        instances: 10.88.0.100-10.88.0.199
        lease: 1h
        dhcp: {pools: ["10.88.0.200-10.88.0.249"]}
      """;
  private static final Mac CARD = Mac.parse("02:00:00:00:00:07");

  @TempDir private Path folder;
  private Cloud cloud;

  @BeforeEach
  void start() throws IOException {
    cloud = new Cloud(DhcpCommandsTest.class, folder);
    cloud.login();
    Path file = Files.writeString(folder.resolve("network.yaml"), NETWORK);
    assertThat(cloud.run("apply", "-f", file.toString()).code()).isEqualTo(ExitCode.OK);
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void listsWhatIsFixedAndWhatIsLeased() throws IOException {
    hears("52:54:00:00:00:01");
    leases("10.88.0.200", Lease.State.BOUND, Duration.ofHours(1));
    leases("10.88.0.201", Lease.State.BOUND, Duration.ofHours(-1));
    leases("10.88.0.202", Lease.State.DECLINED, Duration.ofHours(1));
    Path kea =
        Files.writeString(
            folder.resolve("kea.conf"),
            """
            {"Dhcp4": {"subnet4": [{"reservations": [
              {"hw-address": "02:aa:00:00:00:01", "ip-address": "10.88.0.250",
               "hostname": "printer"}]},
              {"reservations": [
              {"hw-address": "02:aa:00:00:00:01", "ip-address": "10.89.0.250"}]}]}}
            """);
    for (int i = 0; i < 2; i++) {
      Cloud.Result taken = cloud.run("dhcp", "import", "lan", "--kea", kea.toString());
      assertThat(taken.err())
          .contains("left out: 02:aa:00:00:00:01 10.89.0.250: it is not in 10.88.0.0/24")
          .contains("becomes a machine with its address");
      assertThat(taken.out()).contains("1 reservations, 1 of them from the file");
    }
    assertThat(cloud.run("dhcp", "leases").out().lines().map(line -> line.replaceAll(" +", " ")))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("ADDRESS STATE MAC NAME UNTIL NETWORK"),
            line ->
                assertThat(line).isEqualTo("10.88.0.10 machine 52:54:00:00:00:01 machine-1 lan"),
            line -> assertThat(line).startsWith("10.88.0.200 bound " + CARD + " laptop 2"),
            line -> assertThat(line).startsWith("10.88.0.201 expired "),
            line -> assertThat(line).startsWith("10.88.0.202 declined "),
            line -> assertThat(line).startsWith("10.88.0.250 reserved 02:aa:00:00:00:01 printer"));
    JsonNode page = Formats.json().readTree(cloud.run("dhcp", "leases", "lan", "-o", "json").out());
    assertThat(page).hasSize(5);
    assertThat(cloud.run("dhcp", "leases", "wan").code()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void tellsWhatACardAskedAndWasAnswered() {
    assertThat(cloud.run("dhcp", "why", CARD.toString()).err()).contains("nothing is known");
    TraceWriter trace = new TraceWriter(cloud.database(), 100);
    assertThat(
            trace.write(
                new TraceRecord(
                    Instant.now(),
                    Optional.empty(),
                    Optional.of(CARD),
                    Optional.empty(),
                    "dhcp",
                    "discover",
                    "pool-full",
                    Map.of("outcome", "ignored", "detail", "every address is taken"))))
        .isTrue();
    await(trace.close().map(done -> true));
    assertThat(cloud.run("dhcp", "why", CARD.toString()).out())
        .contains("dhcp", "every address is taken");
    assertThat(cloud.run("dhcp", "why", "printer").code()).isNotEqualTo(ExitCode.OK);
  }

  private void hears(String mac) {
    Command heard =
        new Command.Enrol(
            new MachineId(new Uid(UUID.randomUUID())),
            new Sighting(Mac.parse(mac), "eth1", null, "uefi-x64"));
    assertThat(await(cloud.writer().submit(heard, Origin.of("test", "test"))))
        .isInstanceOf(Outcome.Done.class);
  }

  private void leases(String address, Lease.State state, Duration left) {
    UUID server = UUID.randomUUID();
    NetworkId network = cloud.network("lan");
    Duties duties = new Duties(cloud.database());
    await(duties.claim(server, "here", List.of(network), Duration.ofMinutes(1)));
    Instant now = Instant.now();
    Lease lease =
        new Lease(
            network,
            Ipv4.parse(address),
            new Lease.Client(CARD, "01", "laptop", "", Ipv4.ANY),
            state,
            now.minus(Duration.ofHours(2)),
            now.plus(left));
    assertThat(await(new Leases(cloud.database()).write(server, List.of(lease)))).hasSize(1);
    await(duties.resign(server).map(done -> true));
  }
}
