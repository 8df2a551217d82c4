package io.mammatus.store.embedded;

import io.mammatus.platform.health.Health;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The embedded server while this process owns it. Methods block: call them off the event loops.
 *
 * <p>If the server dies, it is started again at once, then with a growing delay (bounded by {@link
 * #MAX_DELAY}) for as long as it fails.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  /** How the server was had. */
  public enum Outcome {
    /** None ran; one was started. */
    STARTED,
    /** One that an earlier process left was taken over as it ran. */
    ADOPTED,
    /** One that an earlier process left had other settings or programs: it was started anew. */
    RESTARTED
  }

  private static final System.Logger LOG = System.getLogger(EmbeddedPostgres.class.getName());
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration FIRST_DELAY = Duration.ofMillis(200);
  private static final Duration MAX_DELAY = Duration.ofSeconds(5);
  private static final Duration CONTROL_LIMIT = Duration.ofSeconds(90);
  private static final int START_ATTEMPTS = 8;
  private static final long MAX_LOG_BYTES = 8L << 20;
  private static final String LOCK = "owner.lock";

  private final EmbeddedSettings settings;
  private final Binaries binaries;
  private final ServerUser user;
  private final FileLock owner;
  private final ScheduledExecutorService supervisor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("postgres-supervisor").factory());

  private Outcome outcome = Outcome.STARTED;
  private volatile @Nullable ProcessHandle process;
  private volatile boolean closing;
  private volatile int restarts;

  // Only the supervisor's thread reads and writes these.
  private long notBefore = System.nanoTime();
  private Duration delay = FIRST_DELAY;

  private EmbeddedPostgres(
      EmbeddedSettings settings, Binaries binaries, ServerUser user, FileLock owner) {
    this.settings = settings;
    this.binaries = binaries;
    this.user = user;
    this.owner = owner;
  }

  /**
   * Starts the server, or adopts the one that an earlier process left.
   *
   * @throws EmbeddedException if there can be none, or another living process owns the folder
   */
  public static EmbeddedPostgres start(EmbeddedSettings wanted) {
    FileLock owner = null;
    try {
      EmbeddedSettings settings = wanted.resolved();
      owner = claim(settings.folder());
      ServerUser user = ServerUser.choose(settings);
      if (user.isDropped()) {
        ServerFiles.handOver(settings.folder().resolve(LOCK));
        ServerFiles.handOver(settings.binaries());
      }
      user.requireReach(settings.folder());
      user.requireReach(settings.binaries());
      Binaries binaries = Binaries.unpack(settings.binaries());
      user.privateFolder(settings.run());
      user.privateFolder(settings.log());
      ServerFiles.initialise(settings, binaries, user);
      boolean changed = ServerFiles.configure(settings, user);
      EmbeddedPostgres server = new EmbeddedPostgres(settings, binaries, user, owner);
      server.take(changed);
      server.supervise();
      return server;
    } catch (IOException e) {
      release(owner);
      throw new EmbeddedException("cannot prepare " + wanted.folder() + ": " + e, e);
    } catch (RuntimeException e) {
      release(owner);
      throw e;
    }
  }

  /** How the server was had at the start. */
  public Outcome outcome() {
    return outcome;
  }

  public Path socket() {
    return settings.socket();
  }

  /** The role to connect as; peer authentication needs no password. */
  public String role() {
    return ServerFiles.ROLE;
  }

  /** The server's first process, while it is known to run. */
  public Optional<ProcessHandle> process() {
    return isRunning() ? Optional.ofNullable(process) : Optional.empty();
  }

  /** From memory and /proc: never blocks for long. */
  public Health health() {
    return isRunning() ? Health.READY : Health.notReady("PostgreSQL is being started again");
  }

  /** How often the server had to be started again. */
  public int restarts() {
    return restarts;
  }

  /** Stops the server: open transactions are rolled back, what was committed is on disk. */
  @Override
  public void close() {
    closing = true;
    supervisor.shutdownNow();
    try {
      if (!supervisor.awaitTermination(CONTROL_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "PostgreSQL is still being started");
      }
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      release(owner);
    }
  }

  /** The kernel drops the lock with the process, however it ends. */
  private static FileLock claim(Path folder) throws IOException {
    Path file = folder.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // held within this very process; the same answer
    }
    channel.close();
    throw new EmbeddedException(
        folder + " is in use by another running process: stop it, or choose another data folder");
  }

  private static void release(@Nullable FileLock lock) {
    if (lock != null) {
      try {
        lock.acquiredBy().close();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "the lock of the data folder stays", e);
      }
    }
  }

  private void supervise() {
    supervisor.scheduleWithFixedDelay(
        this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void take(boolean settingsChanged) {
    Optional<Postmaster> left = Postmaster.on(settings.data());
    if (left.isPresent()) {
      ProcessHandle running = left.get().process();
      boolean ours =
          Postmaster.link(running, "exe").map(binaries.program("postgres")::equals).orElse(false);
      if (ours && !settingsChanged && left.get().isReady()) {
        outcome = Outcome.ADOPTED;
        process = running;
        return;
      }
      outcome = Outcome.RESTARTED;
      stop();
    }
    startAnew();
  }

  /** Starts where no postmaster runs. What an earlier one left may need a moment to go. */
  private void startAnew() {
    rotateLog();
    String why = "";
    for (int attempt = 0; attempt < START_ATTEMPTS && !closing; attempt++) {
      if (Postmaster.on(settings.data()).isEmpty()) {
        Postmaster.endOrphans(settings.data());
        forgetDeadOne();
      }
      Processes.Result result =
          control("start", "--log=" + settings.log().resolve("postgresql.log"));
      Optional<Postmaster> running = Postmaster.on(settings.data());
      if (!result.failed() && running.isPresent()) {
        process = running.get().process();
        return;
      }
      why = result.output();
      pause(Duration.ofMillis(100L << Math.min(attempt, 4)));
    }
    throw new EmbeddedException(
        "PostgreSQL does not start (%s); see %s".formatted(why, settings.log()));
  }

  /**
   * Both lock files name a pid. One that another program has by now, or that nobody has reaped yet,
   * would keep the server from starting.
   */
  private void forgetDeadOne() {
    Path socketLock = settings.run().resolve(settings.socket().getFileName() + ".lock");
    try {
      Files.deleteIfExists(settings.data().resolve("postmaster.pid"));
      Files.deleteIfExists(socketLock);
    } catch (IOException e) {
      throw new EmbeddedException("cannot remove a dead server's lock files", e);
    }
  }

  private void rotateLog() {
    Path log = settings.log().resolve("postgresql.log");
    try {
      if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
        Files.move(
            log, settings.log().resolve("postgresql.log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "PostgreSQL's log stays as it is", e);
    }
  }

  private void stop() {
    if (Postmaster.on(settings.data()).isPresent()) {
      Processes.Result result = control("stop", "--mode=fast");
      if (result.failed() && Postmaster.on(settings.data()).isPresent()) {
        throw new EmbeddedException("PostgreSQL does not stop: " + result.output());
      }
    }
  }

  /** pg_ctl gives the server a session of its own, so our terminal's signals do not reach it. */
  private Processes.Result control(String action, String option) {
    return Processes.run(
        user.command(
            binaries.program("pg_ctl"),
            action,
            "--pgdata=" + settings.data(),
            "--wait",
            "--timeout=60",
            "--silent",
            option),
        settings.run(),
        CONTROL_LIMIT);
  }

  /** Looks itself: a dead server that nobody reaps still counts as a process. */
  private void look() {
    if (closing || isRunning() || System.nanoTime() - notBefore < 0) {
      return;
    }
    LOG.log(System.Logger.Level.WARNING, "PostgreSQL ended; starting it again");
    try {
      startAnew();
      restarts++;
      delay = FIRST_DELAY;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "PostgreSQL did not start again", e);
      notBefore = System.nanoTime() + delay.toNanos();
      Duration doubled = delay.multipliedBy(2);
      delay = doubled.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : doubled;
    }
  }

  private boolean isRunning() {
    ProcessHandle known = process;
    return known != null && Postmaster.isOf(known, settings.data());
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedException("interrupted while PostgreSQL started", e);
    }
  }
}
