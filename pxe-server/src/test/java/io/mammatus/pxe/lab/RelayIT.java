package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.platform.testing.Prerequisites;
import io.mammatus.store.lease.Lease;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A client on another layer 2, behind ISC's relay agent, which names its port by option 82. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RelayIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String MAC = "52:54:00:00:77:01";

  /** As tcpdump names the options of a packet. */
  private static final Pattern OPTION = Pattern.compile("\\(([0-9]+)\\), length [0-9]+");

  private final Path folder;
  private final PoolLab pools;
  private final Namespace relay;
  private final Namespace client;

  RelayIT(@TempDir Path folder) throws Exception {
    Prerequisites.require("ip", "udhcpc", "dhcrelay", "tcpdump", "sysctl", "busybox");
    this.folder = folder;
    this.pools = new PoolLab(folder, RelayIT.class, Networks.BEHIND_RELAY);
    this.relay = pools.lab.join("relay", "up0");
    this.client = pools.lab.alone("far");
    relay.ip("address", "add", "10.88.0.7/24", "dev", "up0");
    Namespace.cable(relay, "down0", client, "eth0");
    relay.ip("address", "add", "10.77.0.1/24", "dev", "down0");
    assertThat(relay.run(LIMIT, "sysctl", "-w", "net.ipv4.ip_forward=1").status()).isZero();
    pools.lab.serverSide().ip("route", "add", "10.77.0.0/24", "via", "10.88.0.7");
    client.newCard("eth0", MAC);
    start("dhcrelay", "-4", "-d", "--no-pid", "-a", "-id", "down0", "-iu", "up0", "10.88.0.1");
    Awaitility.await().atMost(LIMIT).until(() -> said("dhcrelay").contains("Sending on   Socket"));
  }

  @AfterAll
  void close() {
    pools.close();
  }

  private void start(String... command) throws Exception {
    relay.command(command).redirectOutput(folder.resolve(command[0]).toFile()).start();
  }

  private String said(String program) throws Exception {
    return Files.readString(folder.resolve(program));
  }

  @Test
  void aClientBehindARelayGetsAnAddressOfItsOwnNetwork() throws Exception {
    start("tcpdump", "-n", "-l", "-vvv", "-i", "up0", "-c", "4", "udp and port 67");
    Awaitility.await().atMost(LIMIT).until(() -> said("tcpdump").contains("listening on up0"));
    Udhcpc udhcpc = new Udhcpc(client, folder.resolve("udhcpc"));
    udhcpc.start();
    Hook.Told told = udhcpc.told();
    assertThat(Networks.GIVEN_BEHIND_RELAY.contains(Ipv4.parse(told.get("ip")))).isTrue();
    assertThat(told.variables())
        .containsEntry("router", "10.77.0.1")
        .containsEntry("subnet", "255.255.255.0")
        .containsEntry("serverid", "10.88.0.1");

    assertThat(told.get("staticroutes"))
        .as("a next hop on its link")
        .contains("169.254.169.254/32 10.77.0.1")
        .doesNotContain("10.88.0.1");

    Lease lease = pools.lease(Networks.RELAYED, MAC).orElseThrow(AssertionError::new);
    assertThat(lease.address()).isEqualTo(Ipv4.parse(told.get("ip")));
    String port = HexFormat.of().formatHex("down0".getBytes(StandardCharsets.US_ASCII));
    assertThat(lease.client().port()).isEqualTo("/" + port);

    Awaitility.await().atMost(LIMIT).until(() -> said("tcpdump").contains("4 packets captured"));
    for (String reply : List.of("DHCP-Message (53), length 1: Offer", "(53), length 1: ACK")) {
      assertThat(options(reply)).as(reply).contains(53, 54, 3).endsWith(82);
    }

    renewsThroughTheRouter(udhcpc, lease);
    fetches("loader.bin");
  }

  /** No network is on the link where its request is heard. */
  private void fetches(String file) throws Exception {
    byte[] content = new byte[100_000];
    new Random(77).nextBytes(content);
    Files.write(folder.resolve("loaders").resolve(file), content);
    Path fetched = folder.resolve("fetched");
    assertThat(
            client
                .run(
                    LIMIT,
                    "busybox",
                    "tftp",
                    "-g",
                    "-l",
                    fetched.toString(),
                    "-r",
                    file,
                    "10.88.0.1")
                .status())
        .isZero();
    assertThat(Files.readAllBytes(fetched)).isEqualTo(content);
  }

  /** Its renewal comes straight to us, without the relay and its option. */
  private void renewsThroughTheRouter(Udhcpc udhcpc, Lease before) {
    client.ip("route", "add", "default", "via", "10.77.0.1");
    udhcpc.renew();
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(pools.lease(Networks.RELAYED, MAC).orElseThrow().until())
                .isAfter(before.until()));
    assertThat(pools.lease(Networks.RELAYED, MAC).orElseThrow().address())
        .isEqualTo(before.address());
  }

  /** The numbers of a captured reply's options, in their order, without its end. */
  private List<Integer> options(String reply) throws Exception {
    String packet =
        Pattern.compile("(?m)^(?=[0-9]{2}:[0-9]{2}:)")
            .splitAsStream(said("tcpdump"))
            .filter(text -> text.contains(reply))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no such reply"));
    return OPTION
        .matcher(packet)
        .results()
        .map(MatchResult::group)
        .map(text -> Integer.valueOf(text.replaceAll("^\\(([0-9]+).*", "$1")))
        .filter(number -> number != 255)
        .toList();
  }
}
