package io.mammatus.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.lab.demo.Progress;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A small storm, so that the large one works when it is wanted. */
class StormIT {

  private static final int MACHINES = 30;

  @Test
  void everyMachineOfARackThatIsSwitchedOnGetsAllItsFiles() throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    StormBench bench =
        new StormBench(
            MACHINES, 1, new Progress(new PrintStream(said, true, StandardCharsets.UTF_8)));
    boolean through = bench.run();
    JsonObject storm = bench.storms().getFirst();
    assertThat(through).as(said.toString(StandardCharsets.UTF_8)).isTrue();
    assertThat(storm.getInteger("done")).isEqualTo(MACHINES);
    assertThat(storm.getInteger("failed")).isZero();
    assertThat(storm.getInteger("neighbours")).as("each is one to the kernel").isEqualTo(MACHINES);
    assertThat(storm.getInteger("neighbourTableFull")).isZero();
    assertThat(storm.getJsonObject("stageSeconds").fieldNames())
        .containsExactly(
            "address", "loader", "address of loader", "script", "kernel", "initrd", "root");
  }
}
