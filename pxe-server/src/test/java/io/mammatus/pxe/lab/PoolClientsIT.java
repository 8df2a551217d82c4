package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.platform.testing.Prerequisites;
import io.mammatus.pxe.lab.RealClient.Event;
import io.mammatus.pxe.lab.RealClient.Kind;
import io.mammatus.pxe.lab.RealClient.Told;
import io.mammatus.pxe.lab.RealClient.With;
import io.mammatus.store.lease.Lease;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real clients with addresses of a pool: what they say that they got, and what is written in
 * PostgreSQL. Each has a namespace of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoolClientsIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "server", "10.88.0.1",
          "mask", "255.255.255.0",
          "router", "10.88.0.254",
          "dns", "10.88.0.53",
          "domain", "lab.test",
          "search", "lab.test more.test",
          "ntp", "10.88.0.123",
          "mtu", "1400",
          "seconds", "3600",
          "routes", "169.254.169.254/32 10.88.0.1 10.99.0.0/16 10.88.0.253 0.0.0.0/0 10.88.0.254");

  private final Path folder;
  private final PoolLab pools;
  private int cards;
  private Namespace here;

  PoolClientsIT(@TempDir Path folder) throws Exception {
    Prerequisites.require(
        "ip", "nft", "unshare", "udhcpc", "dhclient", "dhcpcd", "/lib/systemd/systemd-networkd");
    this.folder = folder;
    this.pools = new PoolLab(folder, PoolClientsIT.class, Networks.POOLS);
    this.here = pools.lab.clientSide();
  }

  @AfterAll
  void close() {
    pools.close();
  }

  @BeforeEach
  void card() {
    cards++;
    here = pools.lab.join("c" + cards, "eth0");
    here.newCard("eth0", mac());
  }

  @AfterEach
  void end() {
    here.end();
  }

  private String mac() {
    return "52:54:00:00:02:%02x".formatted(cards);
  }

  private RealClient client(Kind kind) throws Exception {
    return kind.on(here, folder.resolve("client" + cards));
  }

  @ParameterizedTest
  @EnumSource
  void aClientIsToldEverythingByUnicast(Kind kind) throws Exception {
    countReplies();
    RealClient client = client(kind);
    client.start();
    assertRight(client.await(Event.BOUND));
    assertThat(replies("broadcast")).isZero();
    assertThat(replies("unicast")).isEqualTo(2);
  }

  /** dhclient never asks for them. */
  @ParameterizedTest
  @EnumSource(names = {"UDHCPC", "DHCPCD", "NETWORKD"})
  void aClientThatWantsBroadcastsIsToldTheSameByThem(Kind kind) throws Exception {
    countReplies();
    RealClient client = client(kind);
    client.start(With.BROADCAST_FLAG);
    assertRight(client.await(Event.BOUND));
    assertThat(replies("broadcast")).isEqualTo(2);
    assertThat(replies("unicast")).isZero();
  }

  /** It has an address and cannot reach the server by its own: it asks everybody. */
  @Test
  void aClientThatCannotReachTheServerRebinds() throws Exception {
    Udhcpc client = new Udhcpc(here, folder.resolve("client" + cards));
    client.start();
    Told before = client.await(Event.BOUND);
    Lease first = written(before.address());
    here.nft("add table ip to; add counter ip to server");
    here.nft("add chain ip to out { type filter hook output priority 0; }");
    here.nft("add rule ip to out udp dport 67 counter name server drop");
    client.renew();
    assertThat(client.await(Event.REBOUND)).isEqualTo(before);
    assertThat(here.counted("to", "server")).as("renewals that did not leave").isPositive();
    assertThat(written(before.address()).since()).isEqualTo(first.since());
    assertThat(written(before.address()).until()).isAfter(first.until());
  }

  /** The machine was off: its client asks for the address that it has on disk. */
  @ParameterizedTest
  @EnumSource(names = {"DHCLIENT", "DHCPCD"})
  void aClientThatComesBackWithItsLeaseKeepsIt(Kind kind) throws Exception {
    RealClient client = client(kind);
    client.start();
    Told before = client.await(Event.BOUND);
    client.kill();
    here.newCard("eth0", mac());
    client.start();
    assertThat(client.await(Event.REBOOTED)).isEqualTo(before);
    assertRight(before);
  }

  /** Another card, whose client has that address on disk from elsewhere, may have it. */
  @ParameterizedTest
  @EnumSource
  void anAddressThatIsGivenBackIsFree(Kind kind) throws Exception {
    RealClient client = client(kind);
    client.start();
    String address = client.await(Event.BOUND).address();
    client.release();
    awaitWritten(address, mac(), Lease.State.RELEASED);
    card();
    Dhclient next = new Dhclient(here, folder.resolve("next" + cards));
    next.remember(address);
    next.start();
    assertThat(next.await(Event.REBOOTED).address()).isEqualTo(address);
    awaitWritten(address, mac(), Lease.State.BOUND);
  }

  /**
   * The client finds a neighbour at the address that it is given: nobody gets that for a while.
   * dhclient does not look; systemd-networkd 252 looks, and lets the lease go without a word.
   */
  @ParameterizedTest
  @EnumSource(names = {"UDHCPC", "DHCPCD"})
  void anAddressThatANeighbourHasIsNobodys(Kind kind) throws Exception {
    RealClient client = client(kind);
    client.start();
    String taken = client.await(Event.BOUND).address();
    client.release();
    awaitWritten(taken, mac(), Lease.State.RELEASED);
    client.kill();
    here.newCard("eth0", mac());
    Namespace neighbour = pools.lab.join("n" + cards, "eth0");
    neighbour.ip("address", "add", taken + "/24", "dev", "eth0");

    RealClient again = kind.on(here, folder.resolve("again" + cards));
    again.start(With.ADDRESS_CHECK);
    awaitWritten(taken, mac(), Lease.State.DECLINED);
    Told other = again.await(Event.BOUND);
    assertThat(other.address()).isNotEqualTo(taken);
    awaitWritten(other.address(), mac(), Lease.State.BOUND);
    assertThat(written(taken).until().minusSeconds(60)).isAfter(Instant.now());
  }

  private void assertRight(Told told) {
    Ipv4 address = Ipv4.parse(told.address());
    assertThat(Networks.GIVEN.contains(address)).as(told.address()).isTrue();
    assertThat(told.settings()).isEqualTo(SETTINGS);
    awaitWritten(told.address(), mac(), Lease.State.BOUND);
  }

  private void awaitWritten(String address, String mac, Lease.State state) {
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          assertThat(written(address).client().mac()).hasToString(mac);
          assertThat(written(address).state()).isEqualTo(state);
        });
  }

  private Lease written(String address) {
    return pools.lease(Networks.ID, Ipv4.parse(address)).orElseThrow(AssertionError::new);
  }

  /** Before routing, where also what is for nobody here yet comes past. */
  private void countReplies() {
    here.nft("add table ip seen");
    here.nft("add counter ip seen unicast");
    here.nft("add counter ip seen broadcast");
    here.nft("add chain ip seen in { type filter hook prerouting priority -300; }");
    here.nft("add rule ip seen in udp dport 68 ip daddr 255.255.255.255 counter name broadcast");
    here.nft("add rule ip seen in udp dport 68 ip daddr != 255.255.255.255 counter name unicast");
  }

  private int replies(String how) {
    return here.counted("seen", how);
  }
}
