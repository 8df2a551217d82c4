package io.mammatus.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.health.Health;
import io.mammatus.platform.health.HealthChecks;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetricsTest {

  @Test
  void countsWhatVertxAndOthersCount() throws Exception {
    Metrics metrics = new Metrics();
    metrics.registry().counter("mammatus.test.things").increment();
    Vertx vertx = metrics.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      assertThat(vertx.isNativeTransportEnabled()).isTrue();
      vertx
          .createHttpServer()
          .requestHandler(request -> request.response().setStatusCode(204))
          .listen(0)
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
      assertThat(metrics.scrape()).contains("mammatus_test_things_total 1.0");
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
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
