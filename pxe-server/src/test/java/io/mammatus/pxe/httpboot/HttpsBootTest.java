package io.mammatus.pxe.httpboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.platform.testing.Prerequisites;
import io.mammatus.platform.testing.ServerCertificate;
import io.mammatus.protocols.boot.KernelArguments;
import io.mammatus.pxe.trace.BootProgress;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.SnapshotView;
import io.vertx.core.Vertx;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsBootTest {

  /** Longer than what is sent without waiting for a place, and no multiple of a piece. */
  private static final int LENGTH = (9 << 20) + 12_345;

  private static final String DIGEST = "ab".repeat(32);

  private final Vertx vertx = Vertx.vertx();
  private final byte[] content = new byte[LENGTH];
  private @TempDir Path folder;
  private final Queue<String> counted = new ConcurrentLinkedQueue<>();
  private String base = "";
  private HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws Exception {
    Prerequisites.require("openssl");
    new Random(1).nextBytes(content);
    Files.createDirectories(folder.resolve("sha256"));
    Files.write(folder.resolve("sha256").resolve(DIGEST), content);
    ServerCertificate certificate = ServerCertificate.make(folder, "127.0.0.1");
    HttpBootServer server =
        new HttpBootServer(
            vertx,
            new BootViews(new SnapshotView(List.of(), List.of())),
            new NodeImages(vertx, folder, Optional.empty()),
            new LoaderFolder(vertx, folder),
            new LoaderFolder(vertx, folder.resolve("sha256")),
            new NodeBootSettings(Optional.empty(), 8443, DIGEST, KernelArguments.NONE),
            Clock.systemUTC(),
            new PxeTrace() {
              @Override
              public void packet(PacketVerdict verdict) {}

              @Override
              public void progress(BootProgress step) {}

              @Override
              public void count(
                  String protocol, PacketVerdict.Outcome outcome, String what, String reason) {
                counted.add(protocol + " " + what + " " + reason);
              }
            });
    int plain = server.start(0).await(10, TimeUnit.SECONDS);
    int secure = server.startTls(0, certificate.pair()).await(10, TimeUnit.SECONDS);
    assertThat(secure).isNotEqualTo(plain);
    base = "https://127.0.0.1:" + secure;
    http = HttpClient.newBuilder().sslContext(certificate.believed()).build();
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void aFileComesWholeAndInParts() throws Exception {
    String path = "/blobs/sha256/" + DIGEST;
    HttpResponse<byte[]> whole = get(path);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(content);
    HttpResponse<byte[]> part = get(path, "Range", "bytes=1000-500999");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 1000, 501_000));
    String etag = whole.headers().firstValue("ETag").orElseThrow();
    assertThat(get(path, "If-None-Match", etag).statusCode()).isEqualTo(304);
  }

  @Test
  void whoSaysNothingOfTlsIsCounted() throws Exception {
    URI server = URI.create(base);
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> counted.contains("https connection no-handshake"));
    }
  }

  @Test
  void whoBelievesNobodyGetsNothing() {
    try (HttpClient stranger = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/v1/loaders/x")).build();
      assertThatThrownBy(() -> stranger.send(request, HttpResponse.BodyHandlers.discarding()))
          .isInstanceOf(javax.net.ssl.SSLHandshakeException.class);
    }
  }
}
