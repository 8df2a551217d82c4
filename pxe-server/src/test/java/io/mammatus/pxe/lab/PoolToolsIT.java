package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.platform.testing.Prerequisites;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** nmap and perfdhcp: tools that ask as clients do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoolToolsIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int EXCHANGES = 3_000;

  private final PoolLab pools;

  PoolToolsIT(@TempDir Path folder) throws Exception {
    Prerequisites.require("ip", "nmap", "perfdhcp");
    this.pools = new PoolLab(folder, PoolToolsIT.class, Networks.POOLS);
  }

  @BeforeAll
  void address() {
    pools.lab.address("10.88.0.20");
  }

  @AfterAll
  void close() {
    pools.close();
  }

  @Test
  void nmapIsOfferedAnAddress() {
    String said = nmap("broadcast-dhcp-discover", "-e", "eth0");
    Matcher offered = Pattern.compile("IP Offered: ([0-9.]+)").matcher(said);
    assertThat(offered.find()).as(said).isTrue();
    assertThat(Networks.GIVEN.contains(Ipv4.parse(offered.group(1)))).as(said).isTrue();
    assertThat(said).contains("Response 1 of 1", "DHCPOFFER", "IP Address Lease Time: 1h00m00s");
    assertSettings(said);
  }

  /** By INFORM: it has an address and wants the rest, and there is no lease (RFC 2131, 4.3.5). */
  @Test
  void nmapIsInformed() {
    String said = nmap("dhcp-discover", "-n", "-Pn", "-sU", "-p", "67", "10.88.0.1");
    assertThat(said).contains("DHCP Message Type: DHCPACK").doesNotContain("Lease Time");
    assertSettings(said);
    assertThat(pools.lease(Networks.ID, Ipv4.parse("10.88.0.20"))).isEmpty();
  }

  private String nmap(String script, String... more) {
    String[] first = {"nmap", "--script", script, "--script-args", script + ".timeout=3"};
    String[] command = java.util.Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, command, first.length, more.length);
    return pools.lab.client(LIMIT, command).output();
  }

  private static void assertSettings(String said) {
    assertThat(said)
        .contains(
            "Server Identifier: 10.88.0.1",
            "Subnet Mask: 255.255.255.0",
            "Router: 10.88.0.254",
            "Domain Name Server: 10.88.0.53",
            "Domain Name: lab.test",
            "NTP Servers: 10.88.0.123",
            "Interface MTU: 1400");
  }

  /** As a relay with many clients; each lease is on disk before its ACK. */
  @Test
  void perfdhcpLosesNothing() {
    pools.lab.clientSide().ip("address", "add", "10.96.0.9/16", "dev", "eth0");
    pools.lab.serverSide().ip("route", "add", "10.96.0.0/16", "dev", "br0");
    String[] command = {
      "perfdhcp",
      "-4",
      "-l",
      "10.96.0.9",
      "-r",
      "300",
      "-R",
      Integer.toString(EXCHANGES),
      "-n",
      Integer.toString(EXCHANGES),
      "-W",
      "2000000",
      "10.88.0.1"
    };
    Namespace.Result result = pools.lab.client(LIMIT, command);
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).contains("received packets: " + EXCHANGES);
    assertThat(Pattern.compile("(?m)^drops: ([0-9]+)").matcher(result.output()).results())
        .extracting(found -> found.group(1))
        .containsExactly("0", "0");
    assertThat(pools.leases(Networks.CROWD)).hasSize(EXCHANGES);
  }
}
