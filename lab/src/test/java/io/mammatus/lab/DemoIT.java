package io.mammatus.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mammatus.lab.rack.LabNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's first command, as a newcomer types it. */
class DemoIT {

  private static final long LIMIT_SECONDS = 1500;

  @Test
  @Timeout(1800)
  void theDemoDoesAllThatItSaysAndLeavesNothing() throws IOException {
    Shell.Result result = mammatus("demo", "--once", "--machines", "1");
    System.out.println(result.output().indent(2));
    assertThat(result.status()).as("exit status").isZero();
    List<String> lines = result.output().lines().toList();
    JsonNode figures = new ObjectMapper().readTree(lines.getLast());
    assertThat(figures.path("machines").asInt()).isEqualTo(1);
    assertThat(figures.path("powerOnToReadySeconds")).hasSize(1);
    assertThat(figures.path("instanceCreateToSshSeconds").asDouble()).isPositive();
    assertThat(figures.path("controlPlaneRssMiB").asInt()).isBetween(32, 512);
    assertThat(result.output()).contains("I am web", "there is a way out through the gateway");
    nothingIsLeft();
    assertThat(mammatus("demo", "--clean").ok()).isTrue();
    nothingIsLeft();
  }

  private static Shell.Result mammatus(String... words) throws IOException {
    String[] command = new String[words.length + 1];
    command[0] = Layout.home().resolve("mammatus").toString();
    System.arraycopy(words, 0, command, 1, words.length);
    return Shell.attempt(LIMIT_SECONDS, command);
  }

  private static void nothingIsLeft() throws IOException {
    assertThat(new LabNetwork("mammatus", 0).exists()).as("the namespace").isFalse();
    assertThat(Files.exists(Layout.rack("mammatus"))).as("its files").isFalse();
    assertThat(ProcessHandle.allProcesses().map(p -> p.info().commandLine().orElse("")))
        .noneMatch(line -> line.contains(Layout.rack("mammatus").toString()));
  }
}
