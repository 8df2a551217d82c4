package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.platform.testing.Prerequisites;
import io.mammatus.pxe.lab.RealClient.Event;
import io.mammatus.pxe.lab.RealClient.Kind;
import io.mammatus.store.lease.Lease;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real clients whose lease lasts ten seconds: each renews it after five by unicast (T1, RFC 2131,
 * section 4.4.5), or a little later.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShortLeasesIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path folder;
  private final PoolLab pools;
  private final Map<Kind, Namespace> places = new EnumMap<>(Kind.class);

  ShortLeasesIT(@TempDir Path folder) throws Exception {
    Prerequisites.require(
        "ip", "nft", "unshare", "udhcpc", "dhclient", "dhcpcd", "/lib/systemd/systemd-networkd");
    this.folder = folder;
    this.pools = new PoolLab(folder, ShortLeasesIT.class, Networks.SHORT_LEASES);
    for (Kind kind : Kind.values()) {
      Namespace place = pools.lab.join("c" + kind.ordinal(), "eth0");
      place.newCard("eth0", mac(kind));
      places.put(kind, place);
    }
  }

  @AfterAll
  void close() {
    pools.close();
  }

  private static String mac(Kind kind) {
    return "52:54:00:00:05:0" + kind.ordinal();
  }

  /** And nobody gets the first address of the pool, where a neighbour answers. */
  @Test
  void everyClientRenewsByUnicastAndKeepsItsAddress() throws Exception {
    Namespace neighbour = pools.lab.join("neighbour", "eth0");
    String taken = Networks.GIVEN.first().toString();
    neighbour.ip("address", "add", taken + "/24", "dev", "eth0");
    Map<Kind, RealClient> clients = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      RealClient client = kind.on(place(kind), folder.resolve(kind.name()));
      place(kind).nft("add table ip to; add counter ip to server");
      place(kind).nft("add chain ip to out { type filter hook output priority 0; }");
      place(kind).nft("add rule ip to out udp dport 67 ip daddr 10.88.0.1 counter name server");
      client.start();
      clients.put(kind, client);
    }
    Map<Kind, String> addresses = new EnumMap<>(Kind.class);
    clients.forEach((kind, client) -> addresses.put(kind, client.await(Event.BOUND).address()));
    assertThat(addresses.values()).doesNotContain(taken).doesNotHaveDuplicates();
    assertThat(pools.lease(Networks.ID, Networks.GIVEN.first()))
        .hasValueSatisfying(lease -> assertThat(lease.state()).isEqualTo(Lease.State.DECLINED));
    addresses.forEach(this::assertRenewed);
  }

  /** A client without an address has no use for its kernel's UDP: what is counted is renewals. */
  private void assertRenewed(Kind kind, String address) {
    Awaitility.await(kind + " asks by unicast")
        .atMost(LIMIT)
        .until(() -> place(kind).counted("to", "server") > 0);
    Instant asked = Instant.now();
    Awaitility.await(kind + " has a lease of ten seconds again")
        .atMost(LIMIT)
        .until(() -> written(address).until().isAfter(asked.plusSeconds(8)));
    assertThat(written(address).client().mac()).hasToString(mac(kind));
  }

  private Lease written(String address) {
    return pools.lease(Networks.ID, Ipv4.parse(address)).orElseThrow();
  }

  private Namespace place(Kind kind) {
    return Objects.requireNonNull(places.get(kind));
  }
}
