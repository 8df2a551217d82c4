package io.mammatus.core.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * docs/machine-states.md says what {@code MachinePhase} says. With {@code -Ddocs.write=true} it is
 * written anew.
 */
class MachineStatesDocTest {

  private static final Path FILE = Path.of("..", "docs", "machine-states.md");

  @Test
  void theCommittedFileIsCurrent() throws IOException {
    String wanted = MachineStatesDoc.text();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(FILE, wanted);
    }
    assertThat(Files.readString(FILE))
        .as("%s is stale: mvn -pl core -am test -Ddocs.write=true", FILE)
        .isEqualTo(wanted);
  }
}
