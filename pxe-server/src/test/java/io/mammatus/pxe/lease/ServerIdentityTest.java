package io.mammatus.pxe.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ServerIdentityTest {

  @Test
  void aServerThatIsStartedAgainIsTheSame() {
    assertThat(ServerIdentity.here(List.of("lo"), 8080))
        .isEqualTo(ServerIdentity.here(Set.of("lo"), 8080));
  }

  @Test
  void whateverTwoThatRunAtOnceDifferInTellsThemApart() {
    UUID one = ServerIdentity.of("boot", "net:[1]", "{br0=02:00:00:00:00:01}", 8080);
    assertThat(
            List.of(
                ServerIdentity.of("other", "net:[1]", "{br0=02:00:00:00:00:01}", 8080),
                ServerIdentity.of("boot", "net:[2]", "{br0=02:00:00:00:00:01}", 8080),
                ServerIdentity.of("boot", "net:[1]", "{br0=02:00:00:00:00:02}", 8080),
                ServerIdentity.of("boot", "net:[1]", "{br0=02:00:00:00:00:01}", 8081)))
        .doesNotContain(one)
        .doesNotHaveDuplicates();
  }

  @Test
  void whereTheCardIsNotKnownEachIsAnother() {
    assertThat(ServerIdentity.here(List.of("gone0"), 8080).id())
        .isNotEqualTo(ServerIdentity.here(List.of("gone0"), 8080).id());
  }
}
