package io.mammatus.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.pxe.BootConfig;
import io.mammatus.pxe.DnsConfig;
import io.mammatus.pxe.dhcp.SecureBoot;
import io.mammatus.pxe.neighbour.NeighbourTable;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says where something is wrong; the lab has him beside a cloud that runs. */
class DoctorTest {

  @TempDir Path folder;

  @Test
  void everythingThatIsMissingIsNamed() {
    List<String> lines = lines(config("nosuch0", 1));
    assertThat(lines)
        .anyMatch(line ->
            line.startsWith("WRONG  interface nosuch0: is not there") && line.contains("lo"))
        .anyMatch(line -> line.startsWith("WRONG  loader undionly.kpxe"))
        .anyMatch(line -> line.startsWith("WRONG  loader snponly.efi"))
        .anyMatch(line -> line.startsWith("WRONG  node image"));
  }

  @Test
  void anImageThatIsNotWhatItsManifestSaysIsNamed() throws Exception {
    Path image = Files.createDirectories(folder.resolve("images/node/v1"));
    Files.writeString(image.resolve("manifest.json"), "{\"kind\": \"node\"}");
    assertThat(lines(config("lo", 1)))
        .anyMatch(line -> line.startsWith("WRONG  node image v1") && line.contains("no vmlinuz"));
  }

  @Test
  void aServerThatDoesNotRunIsToldFromAPortThatIsTaken() throws Exception {
    HttpServer other = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    int free;
    try (DatagramSocket socket = new DatagramSocket(0, other.getAddress().getAddress())) {
      free = socket.getLocalPort();
    }
    try {
      other.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
          });
      other.start();
      int taken = other.getAddress().getPort();
      String mine = "(process " + ProcessHandle.current().pid() + ")";
      assertThat(lines(config("lo", taken)))
          .anyMatch(line ->
              line.startsWith("WRONG  HTTP at 127.0.0.1:" + taken)
                  && line.contains("not with a boot script")
                  && line.endsWith(mine));
      assertThat(lines(config("lo", free)))
          .anyMatch(line -> line.contains("nobody has TCP port " + free));
    } finally {
      other.stop(0);
    }
  }

  @Test
  void aNeighbourTableThatIsTooSmallForTheNetworksIsNamed() throws Exception {
    for (int i = 1; i <= 3; i++) {
      Files.writeString(folder.resolve("gc_thresh" + i), (128 << 2 * (i - 1)) + "\n");
    }
    NeighbourTable table = new NeighbourTable(folder);
    assertThat(neighbours(table, "10.20.1.0-10.20.1.199"))
        .isEqualTo("ok     neighbour table: gc_thresh1, 2 and 3 are 128, 512, 2048");
    assertThat(neighbours(table, "10.20.1.0-10.20.4.255"))
        .startsWith("note   neighbour table: gc_thresh1, 2 and 3 are 128, 512, 2048, too low for")
        .contains("the 1034 hosts")
        .endsWith("gc_thresh2=1034 net.ipv4.neigh.default.gc_thresh3=2068");
  }

  private String neighbours(NeighbourTable table, String machines) {
    NetworkSpec network =
        new NetworkSpec(
            Cidr.parse("10.20.0.0/16"),
            "lo",
            Ipv4.parse("10.20.0.1"),
            Ipv4.parse("10.20.0.1"),
            AddressRange.parse(machines),
            AddressRange.parse("10.20.16.0-10.20.16.9"),
            List.of(),
            null,
            Duration.ofHours(1));
    return new Doctor(config("lo", 1), List.of(network), table)
        .examine().stream()
            .map(Finding::line)
            .filter(line -> line.contains("neighbour table"))
            .findFirst()
            .orElseThrow();
  }

  private static List<String> lines(BootConfig config) {
    return new Doctor(config, List.of(), new NeighbourTable())
        .examine().stream().map(Finding::line).toList();
  }

  private BootConfig config(String interfaceName, int port) {
    return new BootConfig(
        List.of(interfaceName),
        port,
        folder.resolve("loaders"),
        folder.resolve("images"),
        folder.resolve("blobs"),
        Optional.empty(),
        List.of(),
        SecureBoot.AUTO,
        true,
        Optional.empty(),
        DnsConfig.DEFAULT);
  }
}
