package io.mammatus.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.health.Health;
import io.mammatus.platform.health.HealthChecks;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class MetricsTest {

  @Test
  void countsWhatVertxAndOthersCount() throws Exception {
    Metrics metrics = new Metrics();
    metrics.registry().counter("mammatus.test.things").increment();
    Vertx vertx = metrics.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      assertThat(vertx.isNativeTransportEnabled()).isTrue();
      int port =
          vertx
              .createHttpServer()
              .requestHandler(
                  request -> request.response().setStatusCode(204).end().onFailure(_ -> {}))
              .listen(0)
              .await(10, TimeUnit.SECONDS)
              .actualPort();
      assertThat(metrics.scrape()).contains("mammatus_test_things_total 1.0");
      ask(port, "GET");
      ask(port, "MADEUP");
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(metrics.scrape())
                  .contains("method=\"GET\"", "method=\"other\"")
                  .doesNotContain("MADEUP"));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private static void ask(int port, String method) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(204);
    }
  }

  @Test
  void aProcessIsAsItsWorstPart() {
    HealthChecks checks = new HealthChecks();
    checks.register("store", () -> Health.READY);
    checks.register("log", () -> Health.degraded("12 s behind"));
    assertThat(checks.report().ready()).isTrue();
    checks.register("store", () -> Health.notReady("no connection"));
    assertThat(checks.report().ready()).isFalse();
    assertThat(checks.report().live()).isTrue();
    checks.register("store", () -> Health.dead("no disk"));
    assertThat(checks.report().live()).isFalse();
  }
}
