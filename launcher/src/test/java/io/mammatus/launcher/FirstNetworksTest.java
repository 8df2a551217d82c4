package io.mammatus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.cloud.Command;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network of the configuration file is made once. */
class FirstNetworksTest {

  @Test
  void oneThatWasDeletedStaysAwayWhenTheControlPlaneStartsAgain(@TempDir Path folder)
      throws IOException {
    try (ControlPlaneFixture control = new ControlPlaneFixture(FirstNetworksTest.class, folder)) {
      assertThat(hasNetwork(control)).isTrue();
      control.startAgain();
      assertThat(control.cloud().networks()).hasSize(1);
      control.does(new Command.Delete(Kind.NETWORK, Metadata.DEFAULT_WORKSPACE, "lab", null));
      assertThat(hasNetwork(control)).isFalse();
      control.startAgain();
      assertThat(hasNetwork(control)).isFalse();
    }
  }

  private static boolean hasNetwork(ControlPlaneFixture control) {
    return control.cloud().find(Kind.NETWORK, Metadata.DEFAULT_WORKSPACE, "lab").isPresent();
  }
}
