package io.mammatus.pxe.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocalViewTest {

  private static final Ipv4 DESCRIBED = Ipv4.parse("10.0.0.1");
  private static final Ipv4 SECOND = Ipv4.parse("10.0.0.2");
  private static final Ipv4 ELSEWHERE = Ipv4.parse("192.0.2.7");

  private static Ipv4 server(Map<String, List<Ipv4>> addresses) {
    Subnet subnet =
        new Subnet(
            "br0",
            DESCRIBED,
            Cidr.parse("10.0.0.0/24"),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Duration.ofHours(1));
    SnapshotView cloud = new SnapshotView(List.of(subnet), List.of());
    Subnet local = new LocalView(cloud, new ServerAddresses(addresses)).subnets().getFirst();
    assertThat(local.metadataRouter()).contains(DESCRIBED);
    return local.serverAddress();
  }

  @Test
  void theServerThatIsDescribedIsSo() {
    assertThat(server(Map.of("br0", List.of(SECOND, DESCRIBED)))).isEqualTo(DESCRIBED);
    assertThat(server(Map.of("br0", List.of(SECOND), "br1", List.of(DESCRIBED))))
        .isEqualTo(DESCRIBED);
  }

  @Test
  void anotherOneSpeaksOfItself() {
    assertThat(server(Map.of("br0", List.of(ELSEWHERE, SECOND)))).isEqualTo(SECOND);
    assertThat(server(Map.of("br0", List.of(ELSEWHERE)))).isEqualTo(ELSEWHERE);
  }

  @Test
  void beforeThereIsAnyAddressTheDescriptionHolds() {
    assertThat(server(Map.of())).isEqualTo(DESCRIBED);
    assertThat(server(Map.of("br1", List.of(ELSEWHERE)))).isEqualTo(DESCRIBED);
  }
}
