package io.mammatus.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.testing.TestServer;
import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private EmbeddedSettings settings = TestServer.settings();

  @BeforeEach
  void resolve() throws IOException {
    settings = settings.resolved();
  }

  @AfterEach
  void leaveNothing() {
    if (Postmaster.on(settings.data()).isPresent()) {
      EmbeddedPostgres.start(settings).close();
    }
    TestServer.delete(settings.folder());
  }

  @Test
  void startsAndStops() throws Exception {
    ProcessHandle process;
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
      process = server.process().orElseThrow();
      assertThat(server.outcome()).isEqualTo(EmbeddedPostgres.Outcome.STARTED);
      assertThat(Files.exists(server.socket())).isTrue();
      assertThat(process.info().commandLine().orElse("")).doesNotContain("--single");
      assertThat(session(process)).isNotEqualTo(session(ProcessHandle.current()));
    }
    assertThat(settings.data().resolve("postmaster.pid")).doesNotExist();
    // That file is the last thing that a server does; its process ends a moment later.
    await().atMost(Duration.ofSeconds(10)).until(() -> !Postmaster.isOf(process, settings.data()));
  }

  @Test
  void aFolderHasOneOwner() {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(settings))
          .isInstanceOf(EmbeddedException.class)
          .hasMessageContaining("in use by another running process");
      assertThat(server.process()).isPresent();
    }
  }

  @Test
  void isAdoptedAfterItsOwnerWasKilled() throws Exception {
    long pid = startInAnotherProcessAndKillIt();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
      assertThat(server.outcome()).isEqualTo(EmbeddedPostgres.Outcome.ADOPTED);
      assertThat(server.process().orElseThrow().pid()).isEqualTo(pid);
    }
  }

  @Test
  void isStartedAnewWhenItRunsWithOtherPrograms() throws Exception {
    startInAnotherProcessAndKillIt(settings.folder().resolve("own/binaries"));
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
      assertThat(server.outcome()).isEqualTo(EmbeddedPostgres.Outcome.RESTARTED);
    }
  }

  @Test
  void isStartedAnewWhenItRunsWithOtherSettings() throws Exception {
    long pid = startInAnotherProcessAndKillIt();
    Files.writeString(settings.data().resolve("postgresql.conf"), "# of another version\n");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
      assertThat(server.outcome()).isEqualTo(EmbeddedPostgres.Outcome.RESTARTED);
      assertThat(server.process().orElseThrow().pid()).isNotEqualTo(pid);
    }
  }

  @Test
  void aPidFileOfTheDeadIsNoServer() throws Exception {
    EmbeddedPostgres.start(settings).close();
    // As after a power cut: the pid is now that of a process that is no server.
    Files.write(
        settings.data().resolve("postmaster.pid"),
        List.of(
            Long.toString(ProcessHandle.current().pid()),
            settings.data().toString(),
            Long.toString(System.currentTimeMillis() / 1000),
            "5432",
            settings.run().toString(),
            "",
            "  1  1",
            "ready"));
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
      assertThat(server.outcome()).isEqualTo(EmbeddedPostgres.Outcome.STARTED);
      assertThat(server.process()).isPresent();
    }
  }

  @Test
  void comesBackWhenItsPostmasterIsKilled() {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
      long first = server.process().orElseThrow().pid();
      server.process().orElseThrow().destroyForcibly();
      await()
          .atMost(SOON)
          .until(() -> server.process().filter(process -> process.pid() != first).isPresent());
      assertThat(server.restarts()).isEqualTo(1);
    }
  }

  /** A backend that computes never looks whether its postmaster lives, and keeps its memory. */
  @Test
  void aBusyBackendOfADeadPostmasterIsEnded() {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings);
        TestDatabase test = TestDatabase.on(server, EmbeddedPostgresTest.class)) {
      ProcessHandle first = server.process().orElseThrow();
      Future<Integer> busy =
          test.database()
              .connect()
              .compose(connection ->
                  connection.query("do $$ begin loop end loop; end $$").execute().map(rows -> 0));
      await().atMost(SOON).until(() -> activeBackends(test) == 1);
      first.destroyForcibly();
      assertThatThrownBy(() -> TestDatabase.await(busy)).isNotNull();
      await()
          .atMost(SOON)
          .until(() -> server.process().filter(now -> now.pid() != first.pid()).isPresent());
      assertThat(activeBackends(test)).isZero();
    }
  }

  private static long activeBackends(TestDatabase test) {
    return TestDatabase.await(
        test.database()
            .pool()
            .query(
                "select count(*) from pg_stat_activity where query like 'do %' and state = 'active'")
            .execute()
            .map(rows -> rows.iterator().next().getLong(0)));
  }

  @Test
  void aHalfMadeClusterIsMadeAnew() throws Exception {
    Files.createDirectories(settings.folder().resolve("data.new/base"));
    Files.writeString(settings.folder().resolve("data.new/base/left"), "by a killed initdb");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(settings)) {
      assertThat(server.process()).isPresent();
    }
  }

  @Test
  void aPathTooLongForASocketIsRefusedAtOnce() {
    Path deep = settings.folder().resolve("x".repeat(100));
    assertThatThrownBy(() -> new EmbeddedSettings(deep))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too long for a unix socket");
  }

  private long startInAnotherProcessAndKillIt() throws Exception {
    return startInAnotherProcessAndKillIt(settings.binaries());
  }

  /** With the umask that keeps most to itself: the server's user must reach its files still. */
  private long startInAnotherProcessAndKillIt(Path binaries) throws Exception {
    Process owner =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask 077; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                settings.folder().toString(),
                binaries.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = owner.inputReader(StandardCharsets.UTF_8)) {
      long pid = Long.parseLong(Optional.ofNullable(out.readLine()).orElse("-1"));
      owner.destroyForcibly();
      assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isPresent();
      return pid;
    }
  }

  /** Field 6 of /proc/PID/stat (proc(5)). */
  private static String session(ProcessHandle process) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3];
  }
}
