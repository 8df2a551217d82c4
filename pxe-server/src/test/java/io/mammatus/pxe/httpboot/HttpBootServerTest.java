package io.mammatus.pxe.httpboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.boot.KernelArguments;
import io.mammatus.pxe.trace.BootProgress;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.SnapshotView;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpBootServerTest {

  private static final Mac MAC = Mac.parse("52:54:00:12:34:56");

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<BootProgress> progress = new ConcurrentLinkedQueue<>();
  private @TempDir Path folder;
  private NodeImages images = new NodeImages(vertx, Path.of("none"), Optional.empty());
  private String base = "";

  @BeforeEach
  void start() throws Exception {
    image("v1", 16);
    images = new NodeImages(vertx, folder, Optional.empty());
    images.refresh().await(10, TimeUnit.SECONDS);
    Files.writeString(folder.resolve("snponly.efi"), "loader");
    Host host =
        new Host(Host.Kind.MACHINE, "id", "node-1", Set.of(MAC), Ipv4.parse("127.0.0.1"), true);
    HttpBootServer server =
        new HttpBootServer(
            vertx,
            new BootViews(new SnapshotView(List.of(), List.of(host))),
            images,
            new LoaderFolder(vertx, folder),
            new LoaderFolder(vertx, folder.resolve("sha256")),
            new NodeBootSettings(Optional.empty(), 8443, "ab".repeat(32), KernelArguments.NONE),
            Clock.fixed(Instant.ofEpochSecond(1_795_168_000), ZoneOffset.UTC),
            new PxeTrace() {
              @Override
              public void packet(PacketVerdict verdict) {}

              @Override
              public void progress(BootProgress step) {
                progress.add(step);
              }
            });
    base = "http://127.0.0.1:" + server.start(0).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void theScriptNamesTheImage() throws Exception {
    HttpResponse<String> script = get("/v1/boot/52-54-00-12-34-56");
    assertThat(script.statusCode()).isEqualTo(200);
    assertThat(script.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(script.body()).contains(base + "/images/node/v1/vmlinuz");
    assertThat(get("/v1/boot/52:54:00:12:34:56").body()).isEqualTo(script.body());
    assertThat(get("/v1/boot/52-54-00-12-34-zz").statusCode()).isEqualTo(404);
  }

  @Test
  void filesComeWholeInPartsAndNotAtAll() throws Exception {
    HttpResponse<String> whole = get("/images/node/v1/vmlinuz");
    assertThat(whole.body()).isEqualTo("xxxxxxxxxxxxxxxx");
    assertThat(whole.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
    String etag = whole.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> part = get("/images/node/v1/vmlinuz", "Range", "bytes=2-4");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().firstValue("Content-Range")).contains("bytes 2-4/16");
    assertThat(part.body()).isEqualTo("xxx");
    assertThat(get("/images/node/v1/vmlinuz", "Range", "bytes=99-").statusCode()).isEqualTo(416);
    assertThat(get("/images/node/v1/vmlinuz", "If-None-Match", etag).statusCode()).isEqualTo(304);
    assertThat(get("/v1/loaders/snponly.efi").body()).isEqualTo("loader");
    String digest = "ab".repeat(32);
    Files.createDirectories(folder.resolve("sha256"));
    Files.writeString(folder.resolve("sha256").resolve(digest), "blob");
    assertThat(get("/blobs/sha256/" + digest).body()).isEqualTo("blob");
  }

  @Test
  void aConnectionMayEndWithItsAnswer() throws Exception {
    URI server = URI.create(base);
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      String request =
          "GET /images/node/v1/vmlinuz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .endsWith("xxxxxxxxxxxxxxxx");
    }
    Awaitility.await()
        .untilAsserted(() ->
            assertThat(progress).anyMatch(step -> step.stage() == BootProgress.Stage.FINISHED));
  }

  @Test
  void conditionsAreKept() throws Exception {
    HttpResponse<String> loader = get("/v1/loaders/snponly.efi");
    String etag = loader.headers().firstValue("ETag").orElseThrow();
    String modified = loader.headers().firstValue("Last-Modified").orElseThrow();
    assertThat(loader.headers().firstValue("Accept-Ranges")).contains("bytes");
    for (String[] condition :
        new String[][] {{"If-None-Match", etag}, {"If-Modified-Since", modified}}) {
      HttpResponse<String> known = get("/v1/loaders/snponly.efi", condition);
      assertThat(known.statusCode()).isEqualTo(304);
      assertThat(known.body()).isEmpty();
      assertThat(known.headers().firstValue("ETag")).contains(etag);
    }
    assertThat(get("/v1/loaders/snponly.efi", "Range", "bytes=4-", "If-Range", etag).body())
        .isEqualTo("er");
    assertThat(get("/v1/loaders/snponly.efi", "Range", "bytes=4-", "If-Range", "\"x\"").body())
        .isEqualTo("loader");
    assertThat(get("/v1/loaders/snponly.efi", "If-Match", "\"x\"").statusCode()).isEqualTo(412);
    Files.writeString(folder.resolve("snponly.efi"), "anothe");
    HttpResponse<String> changed = get("/v1/loaders/snponly.efi", "If-None-Match", etag);
    assertThat(changed.body()).isEqualTo("anothe");
  }

  /**
   * 33 machines fetch an image and 32 of them are slow: the last one has the answer's head and the
   * first of the file all the same, and the rest when one of the others is done.
   */
  @Test
  void whoWaitsHearsOfItAndIsServedInTurn() throws Exception {
    int length = 16 << 20; // more than the sockets' buffers take
    image("v3", length);
    images.refresh().await(10, TimeUnit.SECONDS);
    List<Socket> machines = new ArrayList<>();
    try {
      for (int i = 0; i < 33; i++) {
        machines.add(ask("127.0.0." + (2 + i), "/images/node/v3/root.squashfs"));
        int asked = i + 1;
        Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> count(BootProgress.Stage.STARTED) == asked);
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> count(BootProgress.Stage.WAITING) == 1);
      InputStream last = machines.getLast().getInputStream();
      byte[] first = last.readNBytes(4096);
      assertThat(new String(first, StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 200 OK")
          .endsWith("xxx");
      machines.getFirst().close();
      byte[] rest = last.readAllBytes();
      String head = new String(first, StandardCharsets.US_ASCII);
      int headLength = head.indexOf("\r\n\r\n") + 4;
      assertThat(first.length - headLength + rest.length).isEqualTo(length);
    } finally {
      for (Socket machine : machines) {
        machine.close();
      }
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> count(BootProgress.Stage.FAILED) == 32);
    assertThat(count(BootProgress.Stage.FINISHED)).isEqualTo(1);
  }

  /** Each of the answers is longer than what the sockets take while the client reads nothing. */
  @Test
  void requestsThatComeAtOnceAreAnsweredInTheirOrder() throws Exception {
    int length = 6 << 20;
    image("v4", length);
    images.refresh().await(10, TimeUnit.SECONDS);
    URI server = URI.create(base);
    for (int round = 0; round < 20; round++) {
      try (Socket socket = new Socket(server.getHost(), server.getPort())) {
        String request = "GET /images/node/v4/vmlinuz HTTP/1.1\r\nHost: x\r\n\r\n";
        String last = request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        socket
            .getOutputStream()
            .write((request.repeat(4) + last).getBytes(StandardCharsets.US_ASCII));
        byte[] answers = socket.getInputStream().readAllBytes();
        String text = new String(answers, StandardCharsets.US_ASCII);
        assertThat(text.split("HTTP/1.1 200 OK", -1)).as("answers in round " + round).hasSize(6);
        assertThat(text.chars().filter(c -> c == 'x').count()).isGreaterThanOrEqualTo(5L * length);
      }
    }
  }

  @Test
  void aRequestNamesOneHost() throws Exception {
    assertThat(statusOf("GET / HTTP/1.1\r\n")).contains(" 400 ");
    assertThat(statusOf("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n")).contains(" 400 ");
    assertThat(statusOf("GET / HTTP/1.1\r\nHost: x\r\n")).contains(" 404 ");
    assertThat(statusOf("GET / HTTP/1.0\r\n")).contains(" 404 ");
  }

  private String statusOf(String head) throws Exception {
    URI server = URI.create(base);
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      String request = head + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
    }
  }

  private Socket ask(String from, String path) throws Exception {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("127.0.0.1", URI.create(base).getPort()));
    String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private long count(BootProgress.Stage stage) {
    return progress.stream().filter(p -> p.stage() == stage).count();
  }

  @Test
  void headTellsTheLength() throws Exception {
    HttpRequest head =
        HttpRequest.newBuilder(URI.create(base + "/v1/loaders/snponly.efi")).HEAD().build();
    HttpResponse<String> answer = http.send(head, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Length")).contains("6");
  }

  @Test
  void whatIsNotThereIsAProblem() throws Exception {
    for (String path :
        new String[] {
          "/", "/images/node/v1/manifest.json", "/images/node/v2/vmlinuz",
          "/images/node/../snponly.efi", "/v1/loaders/nothing", "/v1/loaders/.."
        }) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(base + "/v1/boot/52-54-00-12-34-56"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(http.send(post, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void transfersAreReportedWithTheirHost() throws Exception {
    get("/images/node/v1/root.squashfs");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> progress.stream().anyMatch(p -> p.stage() == BootProgress.Stage.FINISHED));
    assertThat(progress)
        .allMatch(p -> p.step().equals("root"))
        .allMatch(p -> p.host().map(Host::name).equals(Optional.of("node-1")));
    assertThat(progress.stream().map(BootProgress::bytes).toList()).isEqualTo(List.of(0L, 16L));
  }

  @Test
  void imagesThatAreNotWhatTheySayAreNotServed() throws Exception {
    image("v2", 16);
    Files.writeString(folder.resolve("node/v2/vmlinuz"), "yyyyyyyyyyyyyyyy");
    images.refresh().await(10, TimeUnit.SECONDS);
    assertThat(images.byVersion("v2")).isEmpty();
    assertThat(images.problems().get("v2")).contains("hash");
    assertThat(images.current().map(NodeImage::version)).contains("v1");
  }

  private void image(String version, int length) throws Exception {
    Path image = Files.createDirectories(folder.resolve("node/" + version));
    JsonObject files = new JsonObject();
    byte[] octets = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    for (String name : List.of("vmlinuz", "initrd.img", "root.squashfs")) {
      Files.write(image.resolve(name), octets);
      files.put(name, new JsonObject().put("sha256", hash).put("bytes", length));
    }
    JsonObject manifest =
        new JsonObject()
            .put("kind", "node")
            .put("version", version)
            .put("kernelArguments", "boot=live")
            .put("files", files);
    Files.writeString(image.resolve("manifest.json"), manifest.encode());
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
