package io.mammatus.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Mac;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

  enum Mode {
    FAST_START,
    SAFE
  }

  record Network(Cidr cidr, @Default("1h") Duration lease, Optional<Mac> gateway) {
    Network {
      if (lease.toSeconds() < 60) {
        throw new IllegalArgumentException("a lease lasts at least 60s; raise lease");
      }
    }
  }

  record Pool(@Default("10") int size, @Default("false") boolean eager) {}

  record Settings(
      HostPort listen,
      @Default("safe") Mode mode,
      @Default("/var/lib/mammatus") Path data,
      List<Network> networks,
      Map<String, Long> limits,
      Pool pool,
      Optional<Secret> password) {}

  @Test
  void bindsATree() {
    Settings settings =
        ConfigReader.parse(
            """
            listen: "[::1]:8080"
            mode: fast-start
            networks:
              - cidr: 10.88.0.0/24
                lease: 1h30m
                gateway: 52:54:00:12:34:56
              - {cidr: 10.89.0.0/24, lease: PT1H}
            limits: {small: 10, large: 10_000}
            password: hunter2
            """,
            "test",
            Settings.class);
    assertThat(settings)
        .isEqualTo(
            new Settings(
                new HostPort("::1", 8080),
                Mode.FAST_START,
                Path.of("/var/lib/mammatus"),
                List.of(
                    new Network(
                        Cidr.parse("10.88.0.0/24"),
                        Duration.ofMinutes(90),
                        Optional.of(Mac.parse("52:54:00:12:34:56"))),
                    new Network(Cidr.parse("10.89.0.0/24"), Duration.ofHours(1), Optional.empty())),
                Map.of("small", 10L, "large", 10_000L),
                new Pool(10, false),
                Optional.of(new Secret("hunter2"))));
    assertThat(settings.toString()).doesNotContain("hunter2");
  }

  @Test
  void tellsEveryProblemAtOnceWithKeyAndLine() {
    ConfigProblems e =
        catchThrowableOfType(
            ConfigProblems.class,
            () ->
                ConfigReader.parse(
                    """
                    mode: quick
                    netwroks: []
                    networks:
                      - cidr: 10.88.0.1/24
                      - cidr: 10.89.0.0/24
                        lease: 5s
                    pool:
                      size: many
                      size: 2
                      eager: [yes]
                    limits: 7
                    """,
                    "test.yaml",
                    Settings.class));
    assertThat(e.problems())
        .extracting(ConfigProblem::toString)
        .containsExactly(
            "line 1: listen: is missing; it takes a host and port like 127.0.0.1:8080",
            "line 1: mode: there is no quick; one of: fast-start, safe",
            "line 2: netwroks: there is no such key; did you mean networks?",
            "line 4: networks[0].cidr: 10.88.0.1/24 has bits set beyond its prefix",
            "line 5: networks[1]: a lease lasts at least 60s; raise lease",
            "line 8: pool.size: takes a whole number, not many",
            "line 9: pool.size: is set twice; remove one",
            "line 10: pool.eager: takes true or false, not a list or a section",
            "line 11: limits: takes a section: write name: value on the lines below");
    assertThat(e).hasMessageStartingWith("test.yaml cannot be used:");
  }

  @Test
  void anEmptyFileIsAllDefaultsOrSaysWhatIsMissing() {
    assertThat(ConfigReader.parse("# nothing\n", "test", Pool.class))
        .isEqualTo(new Pool(10, false));
    ConfigProblems e =
        catchThrowableOfType(
            ConfigProblems.class, () -> ConfigReader.parse("", "test", Settings.class));
    assertThat(e.problems()).extracting(ConfigProblem::key).containsExactly("listen");
  }

  @Test
  void whatIsNoYamlSaysWhere() {
    ConfigProblems e =
        catchThrowableOfType(
            ConfigProblems.class,
            () -> ConfigReader.parse("size: 1\n  eager: [\n", "test", Pool.class));
    assertThat(e.problems()).singleElement().extracting(ConfigProblem::line).isEqualTo(2);
  }

  @Test
  void aSecretMayLieInAFileBesideIt(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("password"), "hunter2\n");
    Path file =
        Files.writeString(folder.resolve("a.yaml"), "listen: a:1\npassword: {file: password}");
    assertThat(ConfigReader.read(file, Settings.class).password().map(Secret::reveal))
        .contains("hunter2");
    Files.delete(folder.resolve("password"));
    ConfigProblems e =
        catchThrowableOfType(ConfigProblems.class, () -> ConfigReader.read(file, Settings.class));
    assertThat(e.problems()).singleElement().extracting(ConfigProblem::key).isEqualTo("password");
  }
}
