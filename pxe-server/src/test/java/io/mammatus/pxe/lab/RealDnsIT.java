package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** dig across a network, port 53: a client that has a lease, and a stranger behind a router. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealDnsIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Lab lab;

  RealDnsIT(@TempDir Path folder) throws Exception {
    Prerequisites.require("ip", "dig", "dnsmasq", "udhcpc");
    Files.createDirectories(folder.resolve("loaders"));
    lab = new Lab(folder);
    lab.start(
        "dnsmasq",
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--no-hosts",
        "--no-resolv",
        "--bind-interfaces",
        "--listen-address=127.0.0.1",
        "--port=5300",
        "--pid-file=" + folder.resolve("dnsmasq.pid"),
        "--user=root",
        "--host-record=www.elsewhere.example,192.0.2.80,300");
  }

  @BeforeAll
  void client() {
    lab.newCard("52:54:00:00:53:01");
    Namespace.Result lease =
        lab.client(LIMIT, "udhcpc", "-i", "eth0", "-f", "-q", "-n", "-s", "/bin/true");
    assertThat(lease.output()).contains("10.88.0.100");
    lab.address("10.88.0.100");
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @Test
  void aClientFindsItselfTheGatewayAndTheWorld() {
    assertThat(dig("m-52-54-00-00-53-01.lab.test", "A")).isEqualTo("10.88.0.100");
    assertThat(dig("-x", "10.88.0.100")).isEqualTo("m-52-54-00-00-53-01.lab.test.");
    assertThat(dig("gateway.lab.test", "A")).isEqualTo("10.88.0.254");
    assertThat(dig("+tcp", "server.lab.test", "A")).isEqualTo("10.88.0.1");
    Awaitility.await() // until dnsmasq has started
        .atMost(LIMIT)
        .until(() -> dig("www.elsewhere.example", "A").equals("192.0.2.80"));
  }

  @Test
  void aStrangerIsToldOfOurZonesAndNothingElse() throws Exception {
    Process route = lab.start("ip", "route", "add", "10.99.0.0/24", "dev", "br0");
    assertThat(route.waitFor()).isZero();
    assertThat(lab.client(LIMIT, "ip", "addr", "add", "10.99.0.5/24", "dev", "eth0").status())
        .isZero();
    String asStranger = "10.99.0.5";
    assertThat(dig("-b", asStranger, "gateway.lab.test", "A")).isEqualTo("10.88.0.254");
    Namespace.Result refused =
        lab.client(LIMIT, "dig", "@10.88.0.1", "-b", asStranger, "www.elsewhere.example", "A");
    assertThat(refused.output()).contains("status: REFUSED", "recursion requested but not");
    assertThat(
            lab.client(LIMIT, "dig", "@10.88.0.1", "-b", asStranger, "lab.test", "AXFR").output())
        .contains("Transfer failed");
  }

  /** The address goes away and comes again with the bridge. */
  @Test
  void theServerAnswersAgainOnAnInterfaceThatIsMadeAnew() {
    lab.deleteBridge();
    lab.makeBridge();
    lab.plug("cable");
    Awaitility.await().atMost(LIMIT).until(() -> dig("server.lab.test", "A").equals("10.88.0.1"));
    assertThat(dig("+tcp", "server.lab.test", "A")).isEqualTo("10.88.0.1");
  }

  private String dig(String... arguments) {
    String[] command = new String[arguments.length + 5];
    System.arraycopy(
        new String[] {"dig", "@10.88.0.1", "+short", "+tries=1", "+time=5"}, 0, command, 0, 5);
    System.arraycopy(arguments, 0, command, 5, arguments.length);
    return lab.client(LIMIT, command).output().strip();
  }
}
