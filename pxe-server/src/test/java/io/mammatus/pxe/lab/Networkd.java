package io.mammatus.pxe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * systemd's client, without the rest of systemd: a read-only {@code /sys} tells it that there is no
 * udev to wait for. What it was told is in its file of the lease.
 */
final class Networkd extends RealClient {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final List<String> VARIABLES =
      List.of(
          "SERVER_ADDRESS",
          "NETMASK",
          "ROUTER",
          "DNS",
          "DOMAINNAME",
          "DOMAIN_SEARCH_LIST",
          "NTP",
          "MTU",
          "LIFETIME",
          "CLASSLESS_ROUTES");

  private final Path network;
  private final Path run;

  Networkd(Namespace where, Path folder) throws IOException {
    super(where, folder);
    this.network = Files.createDirectories(folder.resolve("network"));
    this.run = Files.createDirectories(folder.resolve("run"));
  }

  @Override
  List<String> command(Set<With> with) throws IOException {
    if (with.contains(With.ADDRESS_CHECK)) {
      throw new IllegalArgumentException("of version 252, it says nothing of what it finds");
    }
    Files.writeString(
        network.resolve("50-eth0.network"),
        """
        [Match]
        Name=eth0
        [Network]
        DHCP=ipv4
        LinkLocalAddressing=no
        IPv6AcceptRA=no
        [DHCPv4]
        UseDomains=yes
        UseMTU=yes
        UseHostname=no
        SendHostname=no
        RequestBroadcast=%s
        """
            .formatted(with.contains(With.BROADCAST_FLAG)));
    return sheltered(
        """
        mount -o remount,ro /sys
        mount --bind %s /etc/systemd/network
        mount --bind %s /run
        mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
        chown -R systemd-network: /run/systemd/netif
        export SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console
        exec /lib/systemd/systemd-networkd
        """
            .formatted(network, run));
  }

  /** Of renewals it keeps no account: whether there was one, only the server knows. */
  @Override
  Told await(Event event) {
    if (event == Event.REBOOTED) {
      throw new IllegalArgumentException("it keeps its lease no longer than it runs");
    }
    Awaitility.await().atMost(LIMIT).until(() -> !lease().isEmpty());
    Told told = Told.of(new Hook.Told(lease()), "ADDRESS", VARIABLES);
    return told.with("routes", told.setting("routes").replace(',', ' '));
  }

  private Map<String, String> lease() {
    Map<String, String> lease = new HashMap<>();
    try (Stream<Path> files = Files.list(run.resolve("systemd/netif/leases"))) {
      for (Path file : files.filter(f -> f.getFileName().toString().matches("[0-9]+")).toList()) {
        for (String line : Files.readAllLines(file)) {
          int at = line.indexOf('=');
          if (at > 0) {
            lease.put(line.substring(0, at), line.substring(at + 1));
          }
        }
      }
    } catch (IOException e) {
      return Map.of(); // not yet
    }
    return lease;
  }

  /** It does so whenever it stops. */
  @Override
  void release() {
    signal("TERM");
  }
}
