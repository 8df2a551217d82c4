package io.mammatus.lab.bench;

import io.mammatus.lab.Await;
import io.mammatus.lab.Layout;
import io.mammatus.lab.Shell;
import io.mammatus.lab.demo.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * DHCP beside Kea, by Kea's own perfdhcp, in turn: the most four-way exchanges a second without a
 * single packet lost. perfdhcp as it is by default, with a thread that sends and one that receives,
 * and again with one thread for both, which leaves the servers more of the processors. Ours as
 * {@code mammatus up} runs it: each lease is on disk before its ACK leaves, in a PostgreSQL that
 * does not start without fsync and synchronous_commit. Kea writes its lease file and does not flush
 * it (memfile). dnsmasq beside them for the record.
 */
public final class DhcpBench {

  private static final int FIRST_RATE = 2_000;
  private static final int STEP = 1_000;
  private static final int LAST_RATE = 20_000;
  private static final int SECONDS = 6;
  private static final int CLIENTS = 100_000;
  private static final int TRIES = 3;
  private static final int WAIT_MICROS = 500_000;
  private static final List<Integer> WARM_RATES = List.of(3_000, 6_000);
  private static final int WARM_SECONDS = 20;
  private static final int DNSMASQ_RATE = 2_000;
  private static final String NETWORK =
      """
          cidr: 10.96.0.0/12
          interfaceName: net0
          server: 10.98.1.1
          machines: 10.97.0.1-10.97.0.9
          instances: 10.97.0.10-10.97.0.19
          dhcp:
            pools: [10.100.0.0-10.110.255.255]
      """;

  private final int rounds;
  private final Progress progress;
  private final Map<Threads, Pair> rates = new EnumMap<>(Threads.class);

  public DhcpBench(int rounds, Progress progress) {
    this.rounds = rounds;
    this.progress = progress;
    for (Threads threads : Threads.values()) {
      rates.put(threads, new Pair(new Rates(), new Rates()));
    }
  }

  /** Of perfdhcp ({@code -g}). */
  private enum Threads {
    MULTI,
    SINGLE
  }

  private record Pair(Rates ours, Rates theirs) {
    double ratio() {
      return ours.median() / theirs.median();
    }

    String json() {
      return String.format(
          Locale.ROOT,
          "\"ours\":%.0f,\"theirs\":%.0f,\"ratio\":%.2f,\"oursAll\":%s,\"theirsAll\":%s",
          ours.median(),
          theirs.median(),
          ratio(),
          ours.json(),
          theirs.json());
    }
  }

  /** What perfdhcp says of one run: exchanges a second, and packets that got no answer. */
  private record Run(double rate, double lost) {}

  /** Runs it; the last line is one JSON object. */
  public void run() throws IOException {
    Path folder = Layout.rack("mambench-dhcp");
    Shell.run("rm", "-rf", folder.toString());
    BenchCloud cloud = new BenchCloud(folder, NETWORK);
    try (ReceiveBuffers _ = new ReceiveBuffers();
        BenchNet net = new BenchNet("mbdhcp")) {
      net.create();
      cloud.start(net.ours());
      double dnsmasq = dnsmasq(net, folder);
      Process kea = kea(net, folder);
      for (String server : List.of(BenchNet.OURS, BenchNet.THEIRS)) {
        for (int rate : WARM_RATES) {
          offer(net, server, Threads.SINGLE, rate, WARM_SECONDS);
        }
      }
      for (int round = 1; round <= rounds; round++) {
        for (Threads threads : Threads.values()) {
          Pair pair = pair(threads);
          pair.theirs.add(most(net, BenchNet.THEIRS, threads));
          pair.ours.add(most(net, BenchNet.OURS, threads));
          progress.note("round %d of %d, %s: %s", round, rounds, threads, pair.json());
        }
      }
      System.out.println(json(dnsmasq, threads(kea), leases(folder)));
    } finally {
      Shell.run("rm", "-rf", folder.toString());
    }
  }

  /**
   * Upwards until two rates in a row lose something. A rate is tried again before it counts as
   * lost: something else of the machine may have been in the way.
   */
  private double most(BenchNet net, String server, Threads threads) throws IOException {
    double best = 0;
    int failed = 0;
    for (int rate = FIRST_RATE; rate <= LAST_RATE && failed < 2; rate += STEP) {
      Optional<Run> whole = withoutLoss(net, server, threads, rate);
      if (whole.isPresent()) {
        best = Math.max(best, whole.get().rate);
        failed = 0;
      } else {
        failed++;
      }
    }
    return best;
  }

  private Optional<Run> withoutLoss(BenchNet net, String server, Threads threads, int rate)
      throws IOException {
    for (int i = 0; i < TRIES; i++) {
      Run run = offer(net, server, threads, rate, SECONDS);
      progress.note(
          "  %s offered %d/s: %.0f/s, %.0f lost",
          server.equals(BenchNet.OURS) ? "ours" : "theirs", rate, run.rate, run.lost);
      if (run.lost == 0) {
        return Optional.of(run);
      }
    }
    return Optional.empty();
  }

  private static Run offer(BenchNet net, String server, Threads threads, int rate, int seconds)
      throws IOException {
    List<String> command =
        List.of(
            "perfdhcp",
            "-4",
            "-l",
            BenchNet.clientAddress(server, 0),
            "-r",
            Integer.toString(rate),
            "-R",
            Integer.toString(CLIENTS),
            "-p",
            Integer.toString(seconds),
            "-g",
            threads.name().toLowerCase(Locale.ROOT),
            "-W", // else what is under way at the end counts as lost
            Integer.toString(WAIT_MICROS),
            server);
    Shell.Result result =
        Shell.attempt(seconds + 30L, BenchNet.inside(net.client(), command).toArray(String[]::new));
    Run run = parse(result.output());
    return new Run(run.rate * (seconds + WAIT_MICROS / 1e6) / seconds, run.lost);
  }

  /** The first part of the report is of DISCOVER and OFFER, the second of REQUEST and ACK. */
  private static Run parse(String report) throws IOException {
    Matcher rate = Pattern.compile("Rate: ([0-9.e+]+) ").matcher(report);
    Matcher drops = Pattern.compile("(?m)^drops: ([0-9]+)").matcher(report);
    if (!rate.find() || !drops.find()) {
      throw new IOException("perfdhcp said something else: " + report.strip());
    }
    double lost = Double.parseDouble(drops.group(1));
    if (drops.find()) {
      lost += Double.parseDouble(drops.group(1));
    }
    return new Run(Double.parseDouble(rate.group(1)), lost);
  }

  private static Path config(Path folder, String name) throws IOException {
    String text = Files.readString(Layout.home().resolve("lab/bench").resolve(name));
    return Files.writeString(folder.resolve(name), text.replace("@FOLDER@", folder.toString()));
  }

  private static Process kea(BenchNet net, Path folder) throws IOException {
    List<String> command =
        List.of(
            "env",
            "KEA_PIDFILE_DIR=" + folder,
            "KEA_LOCKFILE_DIR=none",
            "kea-dhcp4",
            "-c",
            config(folder, "kea-dhcp4.json").toString());
    return started(net, folder, command, "kea");
  }

  private static Process started(BenchNet net, Path folder, List<String> command, String name)
      throws IOException {
    Path log = folder.resolve(name + ".out");
    Process process = Shell.start(log, BenchNet.inside(net.theirs(), command));
    Await.until(
        name + " listens (its log: " + log + ")",
        Duration.ofSeconds(15),
        () ->
            process.isAlive()
                && Shell.run("ip", "netns", "exec", net.theirs(), "ss", "-Hlun").contains(":67"));
    return process;
  }

  private double dnsmasq(BenchNet net, Path folder) throws IOException {
    Path config = config(folder, "dnsmasq-dhcp.conf");
    Process process =
        started(net, folder, List.of("dnsmasq", "--conf-file=" + config, "--user=root"), "dnsmasq");
    Run run = offer(net, BenchNet.THEIRS, Threads.SINGLE, DNSMASQ_RATE, SECONDS);
    progress.note("dnsmasq offered %d/s: %.0f/s", DNSMASQ_RATE, run.rate);
    process.destroy();
    Await.until("dnsmasq ended", Duration.ofSeconds(15), () -> !process.isAlive());
    return run.rate;
  }

  private Pair pair(Threads threads) {
    return Objects.requireNonNull(rates.get(threads));
  }

  private static long threads(Process process) throws IOException {
    try (var tasks = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
      return tasks.count();
    }
  }

  /** Lines of the peer's lease files: it wrote them. */
  private static long leases(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith("kea-leases.csv"))
              .max(Comparator.naturalOrder())
              .orElseThrow(() -> new IOException("Kea wrote no lease file"));
      return Files.lines(file).count();
    }
  }

  private String json(double dnsmasq, long threads, long leases) {
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"dhcp\",%s,\"peer\":\"kea-dhcp4, memfile\",\"unit\":\"exchanges/s, none lost\","
            + "\"generator\":\"perfdhcp, two threads\",\"receiveBuffer\":%d,"
            + "\"oneThread\":{%s},\"dnsmasq\":%.0f,"
            + "\"oursDurable\":\"fsync=on, synchronous_commit=on\",\"peerThreads\":%d,\"peerLeaseFileLines\":%d}",
        pair(Threads.MULTI).json(),
        ReceiveBuffers.OCTETS,
        pair(Threads.SINGLE).json(),
        dnsmasq,
        threads,
        leases);
  }
}
