package io.mammatus.pxe.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServerIdentityTest {

  @Test
  void aServerThatIsStartedAgainIsTheSame() {
    assertThat(ServerIdentity.here(8080)).isEqualTo(ServerIdentity.here(8080));
  }

  @Test
  void whateverTwoThatRunAtOnceDifferInTellsThemApart() {
    assertThat(
            List.of(
                ServerIdentity.of("boot", "net:[1]", 8080),
                ServerIdentity.of("other", "net:[1]", 8080),
                ServerIdentity.of("boot", "net:[2]", 8080),
                ServerIdentity.of("boot", "net:[1]", 8081)))
        .doesNotHaveDuplicates();
  }
}
