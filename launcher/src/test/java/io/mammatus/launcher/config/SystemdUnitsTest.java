package io.mammatus.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdUnitsTest {

  private static final Path UNITS = SampleFile.CONFIG.resolve("systemd");
  private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

  private static List<Path> units() throws IOException {
    try (Stream<Path> files = Files.list(UNITS)) {
      return files.sorted().toList();
    }
  }

  @Test
  void systemdFindsNothingWrong(@TempDir Path folder) throws Exception {
    assumeTrue(Files.isExecutable(ANALYZE), "systemd-analyze is not here");
    List<String> command = new ArrayList<>(List.of(ANALYZE.toString(), "verify", "--man=no"));
    for (Path unit : units()) {
      Path copy = folder.resolve(String.valueOf(unit.getFileName()));
      // It looks whether the program is there, which it is only where it was installed.
      Files.writeString(
          copy,
          Files.readString(unit)
              .replace("/opt/mammatus/mammatus", "/bin/true")
              .replaceAll("(User|Group)=mammatus", "$1=root"));
      command.add(copy.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines().filter(line -> line.contains(folder.toString()))).isEmpty();
  }

  @Test
  void everyServiceHasAUnitThatStartsItForEver() throws IOException {
    assertThat(units()).hasSameSizeAs(SampleFile.ALL);
    for (SampleFile sample : SampleFile.ALL) {
      boolean whole = sample.name().equals("cloud");
      String unit =
          Files.readString(
              UNITS.resolve(whole ? "mammatus.service" : "mammatus-" + sample.name() + ".service"));
      assertThat(unit)
          .contains(
              "ExecStart=/opt/mammatus/mammatus %s --config /etc/mammatus/%s.yaml\n"
                  .formatted(whole ? "up" : "run " + sample.name(), sample.name()),
              "\nRestart=always\n",
              "\nStartLimitIntervalSec=0\n",
              "\nNoNewPrivileges=yes\n",
              "\nProtectSystem=strict\n");
    }
  }
}
