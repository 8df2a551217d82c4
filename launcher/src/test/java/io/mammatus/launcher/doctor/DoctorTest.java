package io.mammatus.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.platform.testing.Prerequisites;
import io.mammatus.platform.testing.ServerCertificate;
import io.mammatus.pxe.BootConfig;
import io.mammatus.pxe.DnsConfig;
import io.mammatus.pxe.HttpsConfig;
import io.mammatus.pxe.dhcp.SecureBoot;
import io.mammatus.pxe.neighbour.NeighbourTable;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says where something is wrong; the lab has him beside a cloud that runs. */
class DoctorTest {

  private final Vertx vertx = Vertx.vertx();

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
  void aCertificateThatFirmwareWouldRefuseIsNamed() throws Exception {
    Prerequisites.require("openssl");
    assertThat(lines(withCertificateFor("127.0.0.1")))
        .anyMatch(line -> line.startsWith("ok     certificate"))
        .anyMatch(line -> line.matches("ok     HTTPS at 127.0.0.1:[0-9]+: .*"));
    assertThat(lines(withCertificateFor("10.20.0.1")))
        .anyMatch(
            line -> line.startsWith("WRONG  HTTPS at 127.0.0.1") && line.contains("would refuse"));
    Files.writeString(folder.resolve("server.pem"), "nothing");
    assertThat(lines(config("lo", 1, https(1))))
        .anyMatch(line -> line.startsWith("WRONG  certificate"));
  }

  private BootConfig withCertificateFor(String address) throws Exception {
    ServerCertificate certificate = ServerCertificate.make(folder, address);
    int port =
        vertx
            .createHttpServer(
                new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate.pair()))
            .requestHandler(request -> {})
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS)
            .actualPort();
    return config("lo", 1, https(port));
  }

  private Optional<HttpsConfig> https(int port) {
    return Optional.of(
        new HttpsConfig(port, folder.resolve("server.pem"), folder.resolve("server.key"), true));
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
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
    return config(interfaceName, port, Optional.empty());
  }

  private BootConfig config(String interfaceName, int port, Optional<HttpsConfig> https) {
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
        https,
        Optional.empty(),
        DnsConfig.DEFAULT);
  }
}
