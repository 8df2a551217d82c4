package io.mammatus.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.platform.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlPlaneConfigTest {

  @TempDir private Path folder;

  private ControlPlaneConfig read(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("control-plane.yaml"), yaml);
    return ConfigReader.read(file, ControlPlaneConfig.class);
  }

  @Test
  void theTraceIsBoundedWithoutBeingAsked() throws IOException {
    assertThat(read("bootPort: 8080").traceRecords()).isEqualTo(200_000);
    assertThat(read("traceRecords: 1000").traceRecords()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "999", "100000001", "-1"})
  void aBoundThatIsNoneIsRefused(String records) {
    assertThatThrownBy(() -> read("traceRecords: " + records))
        .hasMessageContaining("traceRecords")
        .hasMessageContaining("from 1000 to 100000000");
  }
}
