package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.platform.testing.Prerequisites;
import io.mammatus.store.lease.Lease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** udhcpc and dhclient with addresses of a pool: what they say they got, and what is written. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoolClientsIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path folder;
  private final PoolLab pools;
  private int cards;
  private Hook hook;

  PoolClientsIT(@TempDir Path folder) throws Exception {
    Prerequisites.require("ip", "udhcpc", "dhclient");
    this.folder = folder;
    this.pools = new PoolLab(folder, PoolClientsIT.class, Networks.POOLS);
    this.hook = new Hook(folder.resolve("hook0"));
  }

  @AfterAll
  void close() {
    pools.close();
  }

  @BeforeEach
  void card() throws Exception {
    cards++;
    pools.lab.newCard(mac());
    hook = new Hook(folder.resolve("hook" + cards));
  }

  @AfterEach
  void end() {
    pools.lab.clientSide().end();
  }

  private String mac() {
    return "52:54:00:00:02:%02x".formatted(cards);
  }

  @Test
  void udhcpcIsToldEverythingItAsksFor() throws Exception {
    Hook.Told told = udhcpc();
    assertThat(Networks.GIVEN.contains(Ipv4.parse(told.get("ip")))).as(told.get("ip")).isTrue();
    assertThat(told.variables())
        .containsEntry("subnet", "255.255.255.0")
        .containsEntry("router", "10.88.0.254")
        .containsEntry("dns", "10.88.0.53")
        .containsEntry("domain", "lab.test")
        .containsEntry("search", "lab.test more.test")
        .containsEntry("ntpsrv", "10.88.0.123")
        .containsEntry("mtu", "1400")
        .containsEntry("lease", "3600")
        .containsEntry("serverid", "10.88.0.1")
        .containsEntry(
            "staticroutes",
            "169.254.169.254/32 10.88.0.1 10.99.0.0/16 10.88.0.253 0.0.0.0/0 10.88.0.254");
    assertWritten(told.get("ip"), Lease.State.BOUND);
  }

  private Hook.Told udhcpc(String... more) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("udhcpc", "-i", "eth0", "-f", "-s", hook.script()));
    for (String option : List.of("search", "ntpsrv", "mtu", "staticroutes")) {
      command.addAll(List.of("-O", option));
    }
    command.addAll(Arrays.asList(more));
    Files.createDirectories(folder);
    pools
        .lab
        .clientSide()
        .command(command.toArray(String[]::new))
        .redirectOutput(folder.resolve("udhcpc.txt").toFile())
        .start();
    return hook.await("bound");
  }

  private void assertWritten(String address, Lease.State state) {
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(pools.lease(Networks.ID, mac()))
                .hasValueSatisfying(lease -> {
                  assertThat(lease.address()).isEqualTo(Ipv4.parse(address));
                  assertThat(lease.state()).isEqualTo(state);
                }));
  }
}
