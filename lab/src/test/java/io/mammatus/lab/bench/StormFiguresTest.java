package io.mammatus.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.lab.bench.StormFigures.Stage;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StormFiguresTest {

  @Test
  void percentilesAreOfTheNearestRank() {
    double[] hundred = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();
    assertThat(StormFigures.percentile(hundred, 50)).isEqualTo(50);
    assertThat(StormFigures.percentile(hundred, 99)).isEqualTo(99);
    assertThat(StormFigures.percentile(hundred, 100)).isEqualTo(100);
    assertThat(StormFigures.percentile(new double[] {7}, 50)).isEqualTo(7);
    assertThat(StormFigures.percentile(new double[0], 99)).isZero();
  }

  @Test
  void whoFailedIsToldApartFromWhoIsDone() {
    StormFigures figures = new StormFigures();
    figures.took(Stage.KERNEL, 2_000_000_000L);
    figures.done(3_000_000_000L);
    figures.failed("machine 1 at kernel: other content");
    figures.repeatedDhcp(2);
    JsonObject json = figures.json(4);
    assertThat(json.getInteger("done")).isEqualTo(1);
    assertThat(json.getInteger("failed")).isEqualTo(1);
    assertThat(json.getJsonArray("failures").getString(0)).contains("other content");
    assertThat(json.getJsonObject("stageSeconds").getJsonObject("kernel").getDouble("p50"))
        .isEqualTo(2);
    assertThat(json.getJsonObject("retransmissions").getInteger("dhcp")).isEqualTo(2);
  }

  @Test
  void theLineCountsEachStage() {
    assertThat(StormFigures.line(List.of(Stage.DONE, Stage.ADDRESS_OF_LOADER, Stage.DONE)))
        .isEqualTo("1 address of loader, 2 done");
  }
}
