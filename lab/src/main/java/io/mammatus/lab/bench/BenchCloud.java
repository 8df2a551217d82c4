package io.mammatus.lab.bench;

import io.mammatus.lab.Await;
import io.mammatus.lab.Layout;
import io.mammatus.lab.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Our side of a bench: the whole cloud as {@code mammatus up} starts it, with its PostgreSQL and
 * with the memory that it has there, on the interface {@code net0} of a namespace.
 */
final class BenchCloud {

  static final int HTTP_PORT = 8080;
  static final int HTTPS_PORT = 8445;

  private static final Duration START_LIMIT = Duration.ofSeconds(120);

  private final Path folder;
  private final String network;
  private String https = "";

  /**
   * @param folder its files; loaders are served from {@code loaders}, images from {@code images} in
   *     it
   */
  BenchCloud(Path folder) {
    this(
        folder,
        """
            cidr: 10.98.1.0/24
            interfaceName: net0
            server: 10.98.1.1
            machines: 10.98.1.2-10.98.1.9
            instances: 10.98.1.10-10.98.1.19
        """);
  }

  /**
   * @param network the keys of its network but for the name, as in a configuration file
   */
  BenchCloud(Path folder, String network) {
    this.folder = folder;
    this.network = network;
  }

  /** Serves what it serves over TLS, too. */
  BenchCloud https(Path certificate, Path key) {
    https =
        """
          https:
            port: %d
            certificate: %s
            key: %s
        """
            .formatted(HTTPS_PORT, certificate, key);
    return this;
  }

  Path loaders() {
    return folder.resolve("loaders");
  }

  Path images() {
    return folder.resolve("images");
  }

  /** What it says. */
  Path log() {
    return folder.resolve("cloud.log");
  }

  /**
   * Starts it, and waits until it serves.
   *
   * @return its process
   */
  Process start(String namespace) throws IOException {
    Files.createDirectories(temporary());
    Files.createDirectories(loaders());
    Files.createDirectories(images());
    Path log = log();
    Process process = Shell.start(log, command(namespace, "up"));
    Await.until(
        "the cloud serves (its log: " + log + ")",
        START_LIMIT,
        () -> {
          if (!process.isAlive()) {
            throw new IOException("the cloud ended: " + Files.readString(log).strip());
          }
          return Files.readString(log).contains("mammatus: ready");
        });
    return process;
  }

  /** {@code mammatus VERB --config FILE} in a namespace, FILE being this cloud's. */
  List<String> command(String namespace, String verb) throws IOException {
    Path config = Files.writeString(folder.resolve("cloud.yaml"), yaml());
    return BenchNet.inside(
        namespace, Layout.program(temporary(), verb, "--config", config.toString()));
  }

  /** What its log has of warnings and errors. */
  List<String> troubles() throws IOException {
    try (Stream<String> lines = Files.lines(log())) {
      return lines.filter(line -> line.matches("\\S+ (WARNING|ERROR|SEVERE) .*")).toList();
    }
  }

  private Path temporary() {
    return folder.resolve("tmp");
  }

  private String yaml() {
    return """
    data: %1$s/data
    controlPlane:
      identity: %1$s/identity
      blobs: %1$s/blobs
      networks:
        - name: bench
    %2$s
    boot:
      interfaces: [net0]
      httpPort: %3$d
      loaders: %1$s/loaders
      images: %1$s/images
      blobs: %1$s/blobs
    %4$smetadata:
      interfaces: [net0]
    """
        .formatted(folder, network.indent(2).stripTrailing(), HTTP_PORT, https);
  }
}
