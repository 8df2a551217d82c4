package io.mammatus.metadata.who;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.metadata.Clouds;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CallerTest {

  private static final Cloud CLOUD = Clouds.withInstance("web", Clouds.ADDRESS, Clouds.MAC);

  static Stream<Arguments> cases() {
    Mac other = Mac.parse("02:00:00:00:00:99");
    return Stream.of(
        Arguments.of(Clouds.ADDRESS, Clouds.MAC, "known"),
        Arguments.of(Clouds.ADDRESS, other, "wrong-card"),
        Arguments.of(Clouds.ADDRESS, null, "unknown-card"),
        Arguments.of(Ipv4.parse("10.88.0.200"), Clouds.MAC, "unknown-address"),
        Arguments.of(Clouds.MACHINE_ADDRESS, Clouds.MACHINE_MAC, "not-an-instance"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void of(IpAddress source, @Nullable Mac card, String outcome) {
    String found =
        switch (Caller.of(CLOUD, source, Optional.ofNullable(card))) {
          case Caller.Known(var instance) -> {
            assertThat(instance.name()).isEqualTo("web");
            yield "known";
          }
          case Caller.Refused(String reason, var whose) -> {
            assertThat(whose.isPresent()).isEqualTo(!reason.equals("unknown-address"));
            yield reason;
          }
        };
    assertThat(found).isEqualTo(outcome);
  }
}
