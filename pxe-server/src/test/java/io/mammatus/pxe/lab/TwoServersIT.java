package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.platform.testing.Prerequisites;
import io.mammatus.pxe.lab.RealClient.Event;
import io.mammatus.store.lease.Lease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers, each a process, on one layer 2 with one PostgreSQL; and one of them is killed. */
class TwoServersIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration TAKEN_OVER = Duration.ofSeconds(10);
  private static final String SECOND = "10.88.0.2";

  private final Path folder;
  private final PoolLab pools;
  private final Namespace secondSide;
  private int cards;

  TwoServersIT(@TempDir Path folder) throws Exception {
    Prerequisites.require("ip", "udhcpc", "dhclient", "nmap", "curl");
    this.folder = folder;
    this.pools = new PoolLab(folder, TwoServersIT.class, Networks.POOLS);
    this.secondSide = pools.lab.join("two", "br0");
    secondSide.ip("address", "add", SECOND + "/24", "dev", "br0");
    Files.writeString(folder.resolve("loaders/loader"), "boots");
    pools.lab.address("10.88.0.20");
  }

  @AfterEach
  void close() {
    pools.close();
  }

  @Test
  void oneAnswersAndTheOtherGoesOnWhenItIsKilled() throws Exception {
    ServerProcess first = pools.lab.server();
    ServerProcess second = pools.another(secondSide);
    assertOneOffers();
    Dhclient early = new Dhclient(card("early"), folder.resolve("early"));
    early.start();
    String address = early.await(Event.BOUND).address();
    Lease before = pools.lease(Networks.ID, Ipv4.parse(address)).orElseThrow();
    assertThat(answers(first)).isPositive();
    assertThat(answers(second)).isZero();

    long killed = System.nanoTime();
    first.close();
    Udhcpc late = new Udhcpc(card("late"), folder.resolve("late"));
    late.start();
    String other = late.await(Event.BOUND).address();
    Duration took = Duration.ofNanos(System.nanoTime() - killed);
    System.out.println("an address from the other server " + took.toMillis() + " ms after SIGKILL");
    assertThat(took).isLessThan(TAKEN_OVER);
    assertThat(other).isNotEqualTo(address);
    // What it says of itself is where it is reached: files and renewals come to it.
    assertThat(assertOneOffers()).contains("Server Identifier: " + SECOND);
    String fetched = pools.lab.client(LIMIT, "curl", "-s", "tftp://" + SECOND + "/loader").output();
    assertThat(fetched).isEqualTo("boots");

    // Whoever had an address has it still, also when it comes back with nothing but its lease file.
    early.kill();
    early.start();
    assertThat(early.await(Event.REBOOTED).address()).isEqualTo(address);
    Lease after = pools.lease(Networks.ID, Ipv4.parse(address)).orElseThrow();
    assertThat(after.client()).isEqualTo(before.client());
    assertThat(after.since()).isEqualTo(before.since());

    long answered = answers(second);
    ServerProcess again = pools.another(pools.lab.serverSide());
    assertOneOffers();
    assertThat(answers(again)).as("it stands by").isZero();
    assertThat(answers(second)).isGreaterThan(answered);
    assertThat(pools.leases(Networks.ID)).extracting(Lease::address).doesNotHaveDuplicates();
  }

  /** Its duty has three seconds left when it comes back: it is its own, and nobody else's. */
  @Test
  void whoIsKilledAndStartedAgainAnswersAtOnce() throws Exception {
    Dhclient early = new Dhclient(card("early"), folder.resolve("early"));
    early.start();
    String address = early.await(Event.BOUND).address();
    pools.lab.server().close();
    ServerProcess again = pools.another(pools.lab.serverSide());
    Udhcpc late = new Udhcpc(card("late"), folder.resolve("late"));
    late.start();
    assertThat(late.await(Event.BOUND).address()).isNotEqualTo(address);
    assertThat(again.trace()).noneMatch(line -> line.contains("not-on-duty"));
  }

  private Namespace card(String name) {
    Namespace card = pools.lab.join(name, "eth0");
    card.newCard("eth0", "52:54:00:00:22:%02x".formatted(++cards));
    return card;
  }

  private static long answers(ServerProcess server) {
    return server.trace().stream().filter(line -> line.contains("outcome=ANSWERED")).count();
  }

  /** nmap asks once and waits for whatever comes. */
  private String assertOneOffers() {
    Namespace.Result result =
        pools.lab.client(
            LIMIT,
            "nmap",
            "-e",
            "eth0",
            "--script",
            "broadcast-dhcp-discover",
            "--script-args",
            "broadcast-dhcp-discover.timeout=2");
    assertThat(result.output()).contains("Response 1 of 1", "DHCPOFFER");
    return result.output();
  }
}
