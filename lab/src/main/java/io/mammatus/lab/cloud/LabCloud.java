package io.mammatus.lab.cloud;

import io.mammatus.lab.Await;
import io.mammatus.lab.Layout;
import io.mammatus.lab.Shell;
import io.mammatus.lab.rack.LabNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The whole cloud as one process in the rack's namespace, with its embedded PostgreSQL. */
public final class LabCloud {

  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Pattern TOKEN = Pattern.compile("shown once\\): (mam_[A-Za-z0-9_-]+)");
  private static final Pattern PSS = Pattern.compile("(?m)^Pss:\\s+(\\d+) kB");

  private final LabNetwork network;
  private final Path folder;
  private final List<String> kernelArguments;
  private @Nullable Process process;
  private long logStart;

  /**
   * @param folder its data, its configuration, its log
   * @param kernelArguments what machines get on their kernel command line beside what they need
   */
  public LabCloud(LabNetwork network, Path folder, List<String> kernelArguments) {
    this.network = network;
    this.folder = folder;
    this.kernelArguments = List.copyOf(kernelArguments);
  }

  public Path folder() {
    return folder;
  }

  public Path log() {
    return folder.resolve("cloud.log");
  }

  private Path temporary() {
    return folder.resolve("tmp");
  }

  private Path config() {
    return folder.resolve("cloud.yaml");
  }

  /** Where the API is, seen from the machine that the rack is on. */
  public String api() {
    return "https://" + network.insideAddress() + ":8443";
  }

  /** Starts it, and waits until it serves. */
  public void start() throws IOException {
    Files.createDirectories(temporary());
    Files.writeString(config(), yaml());
    logStart = Files.exists(log()) ? Files.size(log()) : 0;
    process = Shell.start(log(), network.command(java()));
    Await.until(
        "the cloud serves (its log: " + log() + ")",
        START_LIMIT,
        () -> {
          if (!isRunning()) {
            throw new IOException("the cloud ended: " + logSinceStart().strip());
          }
          return logSinceStart().contains("mammatus: ready");
        });
  }

  private List<String> java() {
    return Layout.program(temporary(), "up", "--config", config().toString());
  }

  private String yaml() {
    return """
    data: %1$s/data
    controlPlane:
      identity: %1$s/identity
      blobs: %1$s/blobs
      names: [%2$s]
      networks:
        - name: lab
          cidr: %3$s
          interfaceName: br0
          server: %4$s
          machines: 10.88.0.10-10.88.0.99
          instances: 10.88.0.100-10.88.0.199
          domain: lab
    boot:
      interfaces: [br0]
      loaders: %5$s/loaders
      images: %5$s
      blobs: %1$s/blobs
      kernelArguments: [%6$s]
    metadata:
      interfaces: [br0]
    """
        .formatted(
            folder,
            network.insideAddress(),
            LabNetwork.CIDR,
            LabNetwork.SERVER,
            Layout.images(),
            String.join(", ", kernelArguments));
  }

  public boolean isRunning() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** What it said since it was last started. */
  public String logSinceStart() throws IOException {
    String all = Files.exists(log()) ? Files.readString(log()) : "";
    return all.substring((int) Math.min(logStart, all.length()));
  }

  /** The administrator's token, which its first start shows. */
  public Optional<String> token() throws IOException {
    Matcher matcher = TOKEN.matcher(Files.exists(log()) ? Files.readString(log()) : "");
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Kills it without warning (SIGKILL). */
  public void kill() throws IOException {
    Process running = process;
    if (running != null) {
      end(running, true);
    }
  }

  /** Kills PostgreSQL's first process without warning (SIGKILL). */
  public void killPostgres() throws IOException {
    ProcessHandle.of(postmaster().orElseThrow(() -> new IOException("PostgreSQL does not run")))
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Stops every process of PostgreSQL without ending it: it is there, and does not answer. */
  public void pausePostgres() throws IOException {
    signalPostgres("-STOP");
  }

  public void resumePostgres() throws IOException {
    signalPostgres("-CONT");
  }

  private void signalPostgres(String signal) throws IOException {
    ProcessHandle server =
        postmaster()
            .flatMap(ProcessHandle::of)
            .orElseThrow(() -> new IOException("PostgreSQL does not run"));
    Shell.run("kill", signal, Long.toString(server.pid()));
    try (Stream<ProcessHandle> children = server.descendants()) {
      for (ProcessHandle child : children.toList()) {
        Shell.attempt(5, "kill", signal, Long.toString(child.pid()));
      }
    }
  }

  private Optional<Long> postmaster() throws IOException {
    Path file = folder.resolve("data/postgres/data/postmaster.pid");
    return Files.exists(file)
        ? Files.readAllLines(file).stream().findFirst().map(Long::parseLong)
        : Optional.empty();
  }

  /** Ends it in good order. */
  public void stop() throws IOException {
    Process running = process;
    if (running != null) {
      end(running, false);
    }
  }

  private void end(Process running, boolean forcibly) throws IOException {
    if (forcibly) {
      running.destroyForcibly();
    } else {
      running.destroy();
    }
    try {
      if (!running.waitFor(30, TimeUnit.SECONDS)) {
        running.destroyForcibly();
        throw new IOException("the cloud did not end in 30 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    process = null;
  }

  /**
   * Resident memory of the process and its PostgreSQL together, in MiB. Proportional set sizes: a
   * page that several of PostgreSQL's processes share counts once.
   */
  public long residentMiB() throws IOException {
    Process running = process;
    long kib = running == null ? 0 : pss(running.pid());
    Optional<ProcessHandle> server = postmaster().flatMap(ProcessHandle::of);
    if (server.isPresent()) {
      kib += pss(server.get().pid());
      try (Stream<ProcessHandle> children = server.get().descendants()) {
        for (ProcessHandle child : children.toList()) {
          kib += pss(child.pid());
        }
      }
    }
    return kib / 1024;
  }

  private static long pss(long pid) throws IOException {
    Path file = Path.of("/proc/" + pid + "/smaps_rollup");
    Matcher matcher = PSS.matcher(Files.exists(file) ? Files.readString(file) : "");
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }
}
