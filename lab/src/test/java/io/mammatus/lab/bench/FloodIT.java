package io.mammatus.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.lab.Await;
import io.mammatus.lab.Layout;
import io.mammatus.lab.Shell;
import io.mammatus.platform.testing.ServerCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Bad packets of every kind on every port of a whole cloud, a thousand a second for a minute, while
 * real clients are served. {@code -Dflood.seconds=} and {@code -Dflood.rate=} say otherwise.
 */
class FloodIT {

  private static final int SECONDS = Integer.getInteger("flood.seconds", 60);
  private static final int RATE = Integer.getInteger("flood.rate", 1000);

  private static final int SLOW_REQUESTS_END = 40;

  /** What the collector leaves lying about, and what is kept of a thousand clients. */
  private static final long MAY_GROW_KIB = 96 * 1024;

  private static final Pattern TROUBLE =
      Pattern.compile("SEVERE|Exception|^\\s+at [a-z]|^    at ", Pattern.MULTILINE);

  private static final String NETWORK =
      """
          cidr: 10.98.0.0/16
          interfaceName: net0
          server: 10.98.1.1
          machines: 10.98.1.2-10.98.1.9
          instances: 10.98.1.10-10.98.1.19
          lease: 60s
          dhcp:
            pools: [10.98.64.0-10.98.127.255]
            probe: true
            reservations:
              - {mac: "%s", address: 10.98.2.2}
      """
          .formatted(FloodNet.mac(HonestClients.REBOOTS));

  private final Path folder = Layout.rack("mamtest-flood");
  private final BenchCloud cloud = new BenchCloud(folder, NETWORK);

  /** What the process holds. */
  private record Held(long residentKib, long threads, long descriptors) {
    static Held of(Process process) throws IOException {
      Path proc = Path.of("/proc", Long.toString(process.pid()));
      String status = Files.readString(proc.resolve("status"));
      long kib =
          status
              .lines()
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .findFirst()
              .orElseThrow();
      return new Held(kib, entries(proc.resolve("task")), entries(proc.resolve("fd")));
    }

    private static long entries(Path folder) throws IOException {
      try (var entries = Files.list(folder)) {
        return entries.count();
      }
    }
  }

  @Test
  void realClientsAreServedInAFloodOfBadPackets() throws Exception {
    Shell.run("rm", "-rf", folder.toString());
    Map<String, String> digests = files();
    ServerCertificate certificate = ServerCertificate.make(folder, FloodNet.SERVER);
    cloud.https(certificate.certificate(), certificate.key());
    try (FloodNet net = new FloodNet("mamfld", HonestClients.COUNT)) {
      net.create();
      Process server = cloud.start(net.server());
      Metered metered = new Metered(cloud, net);
      HonestClients honest =
          new HonestClients(net, folder.resolve("clients"), digests, certificate.certificate());
      Map<String, String> addresses = honest.begin();
      flood(net, Math.max(1, SECONDS / 4)); // what is loaded and compiled once is there then
      Held before = Held.of(server);
      Map<Metered.Label, Double> countedBefore = metered.packets();
      Map<String, Long> sent = flood(net, SECONDS);
      Held after = Held.of(server);
      Map<String, Integer> done = honest.end();
      System.out.printf(
          "sent %s%nhonest %s%n%s%n%s%ncounted %s%n",
          sent, done, before, after, metered.since(countedBefore));

      assertThat(honest.failures()).isEmpty();
      assertThat(done.values()).as("each is at work: " + done).allMatch(times -> times > 0);
      assertThat(TROUBLE.matcher(Files.readString(cloud.log())).find())
          .as(Files.readString(cloud.log()))
          .isFalse();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> everyBadPacketIsCounted(net, sent, metered.since(countedBefore)));
      assertThat(metered.leases()).containsAllEntriesOf(addresses);
      assertThat(after.residentKib()).isLessThan(before.residentKib() + MAY_GROW_KIB);
      Await.until(
          "threads and file descriptors are as they were",
          Duration.ofSeconds(90),
          () -> isAsBefore(before, Held.of(server)));
    } finally {
      Shell.run("rm", "-rf", folder.toString());
    }
  }

  /** Some are a pool's, and come and go with it. */
  private static boolean isAsBefore(Held before, Held now) {
    return now.threads <= before.threads + 8 && now.descriptors <= before.descriptors + 8;
  }

  /** What is served, by URL, with its digest. */
  private Map<String, String> files() throws IOException {
    Files.createDirectories(cloud.loaders());
    String five = BenchFiles.random(cloud.loaders().resolve("five.bin"), 300_000);
    String root =
        HttpBench.image(cloud.images().resolve("node").resolve(HttpBench.VERSION), 3 << 20);
    Files.writeString(cloud.loaders().resolveSibling("secret"), "secret");
    String http = "http://" + FloodNet.SERVER + ":" + BenchCloud.HTTP_PORT;
    String https = "https://" + FloodNet.SERVER + ":" + BenchCloud.HTTPS_PORT;
    return Map.of(
        "tftp://" + FloodNet.SERVER + "/five.bin", five,
        http + "/v1/loaders/five.bin", five,
        https + "/v1/loaders/five.bin", five,
        http + "/images/node/" + HttpBench.VERSION + "/root.squashfs", root);
  }

  private static Map<String, Long> flood(FloodNet net, int seconds) throws IOException {
    List<String> command =
        BenchNet.inside(
            net.hostile(),
            List.of(
                Layout.java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Flood.class.getName(),
                Integer.toString(RATE),
                Integer.toString(seconds)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<String, Long> sent = new TreeMap<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        if (words[0].equals("END")) {
          return sent;
        }
        sent.put(words[0], Long.parseLong(words[1]));
      }
    }
    throw new IOException("the flood ended early: " + sent);
  }

  private static String protocol(BadConversations.Kind kind) {
    return kind.name().startsWith("dns")
        ? "dns"
        : kind.name().startsWith("https") ? "https" : "http";
  }

  /**
   * By its own reason where it has one; a kernel that had no room for a packet says so. Together
   * with the others, so many at least as were sent.
   */
  private static void everyBadPacketIsCounted(
      FloodNet net, Map<String, Long> sent, Map<Metered.Label, Double> counted) throws IOException {
    long dropped = Metered.dropped(net.server());
    Map<Metered.Label, Long> expected = new TreeMap<>();
    Map<String, Long> all = new TreeMap<>();
    for (BadPackets.Kind kind : BadPackets.all()) {
      long number = sent.getOrDefault(kind.name(), 0L);
      assertThat(number).as(kind.name()).isPositive();
      all.merge(kind.protocol(), number, Long::sum);
      if (!kind.reason().isEmpty()) {
        expected.merge(new Metered.Label(kind.protocol(), kind.reason()), number, Long::sum);
      }
    }
    // A conversation may be counted, too, whose sender thought that it was broken off.
    Map<Metered.Label, Long> spoken = new TreeMap<>();
    for (BadConversations.Kind kind : BadConversations.all()) {
      Metered.Label label = new Metered.Label(protocol(kind), kind.reason());
      spoken.merge(label, sent.getOrDefault(kind.name(), 0L), Long::sum);
      assertThat(counted.getOrDefault(label, 0.0) > 0 || kind.reason().isEmpty())
          .as(kind.toString())
          .isTrue();
    }
    expected.forEach((label, number) ->
        assertThat(counted.getOrDefault(label, 0.0))
            .as(label + " of " + number + " sent; " + dropped + " dropped by the kernel")
            .isBetween(
                number - dropped - 0.5, number * 1.02 + 5 + 2 * spoken.getOrDefault(label, 0L)));
    all.forEach((protocol, number) ->
        assertThat(Metered.sum(counted, protocol))
            .as(protocol + " in all")
            .isGreaterThanOrEqualTo(number - dropped));
    if (SECONDS > SLOW_REQUESTS_END) {
      assertThat(counted).containsKey(new Metered.Label("http", "slow-request"));
      assertThat(counted).containsKey(new Metered.Label("metadata", "slow-request"));
    }
    assertThat(counted).containsKey(new Metered.Label("metadata", "bad-request"));
    assertThat(counted).containsKey(new Metered.Label("dhcp", "too-often"));
    assertThat(counted).containsKey(new Metered.Label("tftp", "not-an-acknowledgement"));
    assertThat(counted.keySet()).noneMatch(label -> label.reason().matches("internal|rebind"));
  }
}
