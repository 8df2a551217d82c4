package io.mammatus.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The questions of {@code lab/preflight}, each put to a machine that is made up. */
class PreflightScriptTest {

  private static final Path SCRIPT = Path.of("preflight").toAbsolutePath();

  @TempDir private Path folder;

  /** What the script's functions say to this line of shell. */
  private String ask(String line) throws IOException {
    Shell.Result result =
        Shell.attempt(
            10,
            "bash",
            "-c",
            "MAMMATUS_SOURCED=1 source \"$0\"; cd \"$1\"; " + line,
            SCRIPT.toString(),
            folder.toString());
    return result.output().strip();
  }

  private void file(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest(name = "{0} machines, {1} MiB, limit {2}")
  @CsvSource({
    "2, 5120, , ''",
    "2, 5119, , '5120 MiB of free memory for 2 machine(s), there are 5119: end other programs, or fewer machines: --machines 1'",
    "1, 3071, , '3072 MiB of free memory for 1 machine(s), there are 3071: end other programs'",
    "1, 3072, max, ''",
    "1, 9000, 1073741824, '3072 MiB of free memory for 1 machine(s), there are 1024: end other programs'",
    "1, 9000, 9223372036854771712, ''",
  })
  void memory(int machines, long available, String limit, String said) throws IOException {
    file("meminfo", "MemTotal: 99 kB\nMemAvailable:   %d kB\n".formatted(available * 1024));
    if (limit != null) {
      file("memory.max", limit + "\n");
    }
    assertThat(ask("lacks_memory " + machines + " meminfo memory.max")).isEqualTo(said);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "both empty, /dev/a 12582912, /dev/a 12582912, ''",
    "one disk, /dev/a 12582911, /dev/a 12582911, '12 GiB of free disk for build and rack, there are 11: make room there'",
    "two disks, /dev/a 6291456, /dev/b 6291456, ''",
    "the second is full, /dev/a 6291456, /dev/b 1048576, '6 GiB of free disk for rack, there are 1: make room there'",
    "images are built, /dev/a 7340032, /dev/a 7340032, ''",
  })
  void disk(String when, String build, String rack, String said) throws IOException {
    if (when.equals("images are built")) {
      Files.createDirectories(folder.resolve("build/images"));
      file("build/images/node-version", "1\n");
    }
    String free = "free() { [[ $1 == build ]] && echo %s || echo %s; }; ".formatted(build, rack);
    assertThat(ask(free + "lacks_disk 2 build rack free")).isEqualTo(said);
  }

  @Test
  void theDiskOfAFolderThatIsYetToBeMadeIsItsParents() throws IOException {
    assertThat(ask("free_disk \"$1/a/b\""))
        .isEqualTo(ask("free_disk \"$1\""))
        .matches("\\S+ [0-9]+");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "ID=debian VERSION_ID=\"12\" | x86_64 | yes | ''",
        "ID=debian PRETTY_NAME=sid | x86_64 | yes | ''",
        "ID=ubuntu VERSION_ID=\"24.04\" | x86_64 | yes | ''",
        "ID=debian VERSION_ID=\"11\" PRETTY_NAME=Bullseye | x86_64 | yes | 'Debian 12 or later, whose packages (lab/packages) are used: this is Bullseye'",
        "ID=fedora PRETTY_NAME='Fedora 43' | x86_64 | '' | 'Debian 12 or later, whose packages (lab/packages) are used: this is Fedora 43'",
        "ID=debian VERSION_ID=\"13\" | aarch64 | yes | 'an x86_64 processor: the images are for amd64, and this is aarch64'",
      })
  void debian(String release, String processor, String apt, String said) throws IOException {
    file("os-release", release.replaceAll(" (?=[A-Z_]+=)", "\n") + "\n");
    assertThat(ask("lacks_debian os-release %s '%s'".formatted(processor, apt))).isEqualTo(said);
  }

  @Test
  void rootDevicesAndNamespaces() throws IOException {
    assertThat(ask("lacks_root 0; lacks_devices /dev/null true")).isEmpty();
    assertThat(ask("lacks_root 1000; lacks_devices /nonexistent/tun false").lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("root: ").contains("sudo ./mammatus demo"),
            line -> assertThat(line).startsWith("/nonexistent/tun: modprobe tun"),
            line -> assertThat(line).startsWith("network namespaces: "));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "demo, 2",
    "demo --once --machines 4, 4",
    "demo --machines 99, 2",
    "demo --machines, 2",
    "bench boot --machines 1, 1",
  })
  void theDemosWords(String words, String machines) throws IOException {
    assertThat(ask("machines " + words)).isEqualTo(machines);
  }
}
