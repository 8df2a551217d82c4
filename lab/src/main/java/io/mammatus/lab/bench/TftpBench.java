package io.mammatus.lab.bench;

import io.mammatus.lab.Await;
import io.mammatus.lab.Layout;
import io.mammatus.lab.Shell;
import io.mammatus.lab.demo.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * TFTP beside tftpd-hpa, the same client program to both, in turn: one client in lock step; one
 * with a window, which the peer does not know; 200 at once.
 */
public final class TftpBench {

  private static final int BIG = 64 << 20;
  private static final int SMALL = 2 << 20;
  private static final int BLOCK = 1468;
  private static final int WINDOW = 16;
  private static final int CROWD = 200;

  private final int rounds;
  private final Progress progress;
  private final Rates ours = new Rates();
  private final Rates theirs = new Rates();
  private final Rates window = new Rates();
  private final Rates crowdOurs = new Rates();
  private final Rates crowdTheirs = new Rates();
  private int served;
  private double worstSpread;

  public TftpBench(int rounds, Progress progress) {
    this.rounds = rounds;
    this.progress = progress;
  }

  private record Payload(String name, int size, String digest) {}

  /** Runs it; the last line is one JSON object. */
  public void run() throws IOException {
    Path folder = Layout.rack("mambench-tftp");
    Shell.run("rm", "-rf", folder.toString());
    BenchCloud cloud = new BenchCloud(folder);
    Files.createDirectories(cloud.loaders());
    Payload big = payload(cloud, "big.bin", BIG);
    Payload small = payload(cloud, "small.bin", SMALL);
    try (BenchNet net = new BenchNet("mbtftp")) {
      net.create();
      cloud.start(net.ours());
      startPeer(net, folder, cloud.loaders());
      try (ClientProcess client = new ClientProcess(net)) {
        for (String server : List.of(BenchNet.OURS, BenchNet.THEIRS)) {
          fetch(client, server, big, 1, 1); // whatever is compiled late is compiled now
        }
        for (int round = 1; round <= rounds; round++) {
          round(client, big, small, round % 2 == 0);
          progress.note("round %d of %d: %s", round, rounds, json());
        }
      }
    } finally {
      Shell.run("rm", "-rf", folder.toString());
    }
    System.out.println(json());
  }

  private static Payload payload(BenchCloud cloud, String name, int size) throws IOException {
    return new Payload(name, size, BenchFiles.random(cloud.loaders().resolve(name), size));
  }

  /** In the foreground and with the options of its file; root is needed to bind the port. */
  private static void startPeer(BenchNet net, Path folder, Path files) throws IOException {
    List<String> command = new ArrayList<>(List.of("in.tftpd"));
    for (String line : Files.readAllLines(Layout.home().resolve("lab/bench/tftpd-hpa.options"))) {
      if (!line.startsWith("#") && !line.isBlank()) {
        command.addAll(Arrays.asList(line.strip().split(" ")));
      }
    }
    command.addAll(List.of("--address", BenchNet.THEIRS + ":69", files.toString()));
    Process peer = Shell.start(folder.resolve("peer.log"), BenchNet.inside(net.theirs(), command));
    Await.until(
        "the peer listens",
        Duration.ofSeconds(10),
        () ->
            peer.isAlive()
                && Shell.run("ip", "netns", "exec", net.theirs(), "ss", "-Hlun").contains(":69"));
  }

  /** Who comes first changes. */
  private void round(ClientProcess client, Payload big, Payload small, boolean oursFirst)
      throws IOException {
    if (oursFirst) {
      ours.add(BIG / 1e6 / fetch(client, BenchNet.OURS, big, 1, 1)[0]);
    }
    theirs.add(BIG / 1e6 / fetch(client, BenchNet.THEIRS, big, 1, 1)[0]);
    if (!oursFirst) {
      ours.add(BIG / 1e6 / fetch(client, BenchNet.OURS, big, 1, 1)[0]);
    }
    window.add(BIG / 1e6 / fetch(client, BenchNet.OURS, big, WINDOW, 1)[0]);
    crowdTheirs.add(slowest(fetch(client, BenchNet.THEIRS, small, 1, CROWD)));
    double[] crowd = fetch(client, BenchNet.OURS, small, 1, CROWD); // all of them, or it throws
    served = crowd.length;
    crowdOurs.add(slowest(crowd));
    worstSpread = Math.max(worstSpread, slowest(crowd) / Rates.median(crowd));
  }

  private static double slowest(double[] seconds) {
    return Arrays.stream(seconds).max().orElseThrow();
  }

  private static double[] fetch(
      ClientProcess client, String server, Payload file, int windowSize, int clients)
      throws IOException {
    return client.order(
        "tftp %s %s %d %s %d %d %d",
        server, file.name, file.size, file.digest, BLOCK, windowSize, clients);
  }

  private String json() {
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"tftp\",\"ours\":%.1f,\"theirs\":%.1f,\"peer\":\"tftpd-hpa\",\"unit\":\"MB/s\",\"ratio\":%.2f,"
            + "\"blksize\":%d,\"bytes\":%d,\"oursAll\":%s,\"theirsAll\":%s,"
            + "\"windowsize\":{\"blocks\":%d,\"ours\":%.1f,\"ratioToTheirsInLockStep\":%.2f,\"oursAll\":%s},"
            + "\"clients\":{\"count\":%d,\"bytes\":%d,\"served\":%d,\"slowestToMedian\":%.2f,"
            + "\"oursSlowestSeconds\":%s,\"theirsSlowestSeconds\":%s}}",
        ours.median(),
        theirs.median(),
        ours.median() / theirs.median(),
        BLOCK,
        BIG,
        ours.json(),
        theirs.json(),
        WINDOW,
        window.median(),
        window.median() / theirs.median(),
        window.json(),
        CROWD,
        SMALL,
        served,
        worstSpread,
        crowdOurs.json(),
        crowdTheirs.json());
  }
}
