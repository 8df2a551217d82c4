package io.mammatus.control.api;

import static io.mammatus.store.testing.TestDatabase.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.control.identity.CertificateAuthority;
import io.mammatus.control.identity.ServerTls;
import io.mammatus.control.write.CloudWriter;
import io.mammatus.platform.health.HealthChecks;
import io.mammatus.platform.json.Json;
import io.mammatus.platform.metrics.Metrics;
import io.mammatus.platform.tls.Believing;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.log.FencingToken;
import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.view.CloudView;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The real API over real HTTPS, on a database of its own. */
final class ApiHarness implements AutoCloseable {

  private final TestDatabase database;
  private final CloudView view;
  private final CloudWriter writer;
  private final String token;
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final HttpClient client;
  private final URI base;

  ApiHarness(Class<?> test, Path folder) throws IOException, GeneralSecurityException {
    this(test, folder, EventStream.Limits.USUAL);
  }

  ApiHarness(Class<?> test, Path folder, EventStream.Limits limits)
      throws IOException, GeneralSecurityException {
    database = TestDatabase.fresh(test);
    EventLog log = new EventLog(database.database());
    view = await(CloudView.open(database.database(), log));
    writer = new CloudWriter(view, log, Clock.systemUTC());
    FencingToken fence = await(log.raiseFence());
    writer.lead(fence);
    HealthChecks health = new HealthChecks();
    health.register("log", view::health);
    CertificateAuthority ca = CertificateAuthority.open(folder.resolve("ca"), Clock.systemUTC());
    ApiServer server =
        new ApiServer(
            new ApiServer.Settings("127.0.0.1", 0, folder.resolve("blobs"), false),
            new ApiServer.Parts(
                database.vertx(),
                database.database(),
                view,
                writer,
                health,
                new Metrics()::scrape,
                () -> Instant.now().plus(ahead.get())),
            limits);
    int port = await(server.start(ServerTls.keyCert(ca, List.of("127.0.0.1")))).actualPort();
    token = await(AdminToken.replace(database.database(), Clock.systemUTC()));
    base = URI.create("https://127.0.0.1:" + port);
    client = HttpClient.newBuilder().sslContext(Believing.only(List.of(ca.certificate()))).build();
  }

  TestDatabase database() {
    return database;
  }

  /** Lets the API's clock go on. */
  void pass(Duration time) {
    ahead.updateAndGet(time::plus);
  }

  CloudView view() {
    return view;
  }

  CloudWriter writer() {
    return writer;
  }

  HttpClient client() {
    return client;
  }

  /** A request with the token. */
  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + token);
  }

  /** A request without one. */
  HttpRequest.Builder anonymous(String path) {
    return HttpRequest.newBuilder(base.resolve(path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  HttpResponse<String> get(String path) {
    return send(to(path).GET());
  }

  HttpResponse<String> put(String path, String json, String... headers) {
    return json("PUT", path, "application/json", json, headers);
  }

  HttpResponse<String> json(
      String method, String path, String type, String body, String... headers) {
    HttpRequest.Builder request =
        to(path).header("Content-Type", type).method(method, BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  /** What is answered to a request whose path no client of Java's would send. */
  String raw(String method, String path) throws IOException {
    String request =
        "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n".formatted(method, path, token)
            + "Content-Type: application/json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    try (Socket socket =
        client.sslContext().getSocketFactory().createSocket(base.getHost(), base.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static JsonNode tree(HttpResponse<String> response) {
    return Json.strict().read(response.body(), JsonNode.class);
  }

  @Override
  public void close() {
    client.shutdownNow();
    await(view.close());
    database.close();
  }
}
