package io.mammatus.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.net.Ipv4;
import io.mammatus.platform.config.ConfigProblems;
import io.mammatus.platform.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  private static String network(String name, String card, int third) {
    return """
      - {name: %s, cidr: 10.%3$d.0.0/16, interfaceName: %s, server: 10.%3$d.0.1,
         machines: 10.%3$d.1.0-10.%3$d.1.9, instances: 10.%3$d.2.0-10.%3$d.2.9}
    """
        .formatted(name, card, third);
  }

  /** As the API takes it: one interface hears its own link and relays. */
  @Test
  void aNetworkBehindARelaySharesTheInterface() throws IOException {
    String far =
        """
          - {name: far, cidr: 10.7.0.0/16, interfaceName: br0, server: 10.1.0.1, gateway: 10.7.0.1,
             machines: 10.7.1.0-10.7.1.9, instances: 10.7.2.0-10.7.2.9, lease: PT2H,
             dhcp: {mode: relayed, relays: [10.7.0.1]}}
        """;
    ControlPlaneConfig config = read("networks:\n" + network("rack", "br0", 1) + far);
    assertThat(config.networks()).hasSize(2);
    assertThat(config.interfaces()).containsExactly("br0");
    assertThat(config.networks().getLast().spec().lease()).isEqualTo(Duration.ofHours(2));
    assertThat(config.networks().getLast().spec().served().believes(Ipv4.parse("10.7.0.2")))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "rack, br1, 2, two are called rack",
    "lab, br0, 2, 'rack and lab are on one interface, br0'",
    "lab, br1, 1, rack and lab have addresses in common"
  })
  void networksThatCannotBeTogetherAreRefused(String name, String card, int third, String why) {
    assertThatThrownBy(
            () -> read("networks:\n" + network("rack", "br0", 1) + network(name, card, third)))
        .isInstanceOf(ConfigProblems.class)
        .hasMessageContaining("networks: " + why);
  }
}
