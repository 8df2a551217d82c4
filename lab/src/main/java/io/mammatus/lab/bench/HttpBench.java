package io.mammatus.lab.bench;

import io.mammatus.lab.Await;
import io.mammatus.lab.Layout;
import io.mammatus.lab.Shell;
import io.mammatus.lab.demo.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A node image's root file system over HTTP beside nginx with sendfile, the same client program to
 * both, in turn: one client, again and again, and 64 at once.
 */
public final class HttpBench {

  private static final long IMAGE = 165L << 20;
  private static final int CROWD = 64;

  /** One fetch is over in a tenth of a second. */
  private static final int TIMES = 20;

  static final String VERSION = "bench";
  private static final String PATH = "/images/node/" + VERSION + "/root.squashfs";
  private static final String SMALL_PATH = "/images/node/" + VERSION + "/vmlinuz";
  private static final int SMALL = 1 << 20;

  /** Eight clients, each so often: what a server compiles as it runs is compiled then. */
  private static final int WARM_TIMES = 2_500;

  /** The whole file as often before the first round: its long way is another than the short one. */
  private static final int WARM_ROUNDS = 3;

  private static final int WARM_CLIENTS = 8;
  private static final int PEER_PORT = 8080;

  private final int rounds;
  private final Progress progress;
  private final Rates ours = new Rates();
  private final Rates theirs = new Rates();
  private final Rates crowdOurs = new Rates();
  private final Rates crowdTheirs = new Rates();

  public HttpBench(int rounds, Progress progress) {
    this.rounds = rounds;
    this.progress = progress;
  }

  /** Runs it; the last line is one JSON object. */
  public void run() throws IOException {
    Path folder = Layout.rack("mambench-http");
    Shell.run("rm", "-rf", folder.toString());
    BenchCloud cloud = new BenchCloud(folder);
    String digest = image(cloud.images().resolve("node").resolve(VERSION), IMAGE);
    try (BenchNet net = new BenchNet("mbhttp")) {
      net.create();
      cloud.start(net.ours());
      startPeer(net, folder);
      try (ClientProcess client = new ClientProcess(net)) {
        for (String server : List.of(our(), their())) {
          client.order("check %s %s %s", server, PATH, digest);
          client.order("http %s %s %d %d %d", server, SMALL_PATH, SMALL, WARM_CLIENTS, WARM_TIMES);
          double crowd = 0;
          for (int i = 0; i < WARM_ROUNDS; i++) {
            rate(client, server, 1, TIMES);
            crowd = rate(client, server, CROWD, 1);
          }
          progress.note("%s is warm: %.0f MB/s", server, crowd);
        }
        for (int round = 1; round <= rounds; round++) {
          round(client);
          progress.note("round %d of %d: %s", round, rounds, json());
        }
      }
    } finally {
      Shell.run("rm", "-rf", folder.toString());
    }
    System.out.println(json());
  }

  private static String our() {
    return BenchNet.OURS + ":" + BenchCloud.HTTP_PORT;
  }

  private static String their() {
    return BenchNet.THEIRS + ":" + PEER_PORT;
  }

  /** Only its root is fetched. */
  static String image(Path folder, long size) throws IOException {
    return BenchFiles.image(folder, VERSION, SMALL, 2 << 20, size);
  }

  /**
   * With its committed configuration, in a folder of its own: it reads nothing of the machine's.
   */
  private static void startPeer(BenchNet net, Path folder) throws IOException {
    Path own = Files.createDirectories(folder.resolve("peer"));
    Files.copy(
        Layout.home().resolve("lab/bench/nginx.conf"),
        own.resolve("nginx.conf"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.createSymbolicLink(own.resolve("files"), folder.resolve("images"));
    Process peer =
        Shell.start(
            own.resolve("start.log"),
            BenchNet.inside(
                net.theirs(), List.of("nginx", "-p", own.toString(), "-c", "nginx.conf")));
    Await.until(
        "the peer listens",
        Duration.ofSeconds(10),
        () ->
            peer.isAlive()
                && Shell.run("ip", "netns", "exec", net.theirs(), "ss", "-Hltn")
                    .contains(":" + PEER_PORT));
  }

  private void round(ClientProcess client) throws IOException {
    theirs.add(rate(client, their(), 1, TIMES));
    ours.add(rate(client, our(), 1, TIMES));
    crowdTheirs.add(rate(client, their(), CROWD, 1));
    crowdOurs.add(rate(client, our(), CROWD, 1));
  }

  /** In MB/s, all clients together. */
  private static double rate(ClientProcess client, String server, int clients, int times)
      throws IOException {
    double seconds = client.order("http %s %s %d %d %d", server, PATH, IMAGE, clients, times)[0];
    return clients * times * IMAGE / 1e6 / seconds;
  }

  /** The headline is the worse of the two. */
  private String json() {
    double one = ours.median() / theirs.median();
    double crowd = crowdOurs.median() / crowdTheirs.median();
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"http\",\"ours\":%.1f,\"theirs\":%.1f,\"peer\":\"nginx with sendfile\",\"unit\":\"MB/s\",\"ratio\":%.2f,"
            + "\"bytes\":%d,\"one\":{\"ours\":%.1f,\"theirs\":%.1f,\"ratio\":%.2f,\"oursAll\":%s,\"theirsAll\":%s},"
            + "\"clients\":{\"count\":%d,\"ours\":%.1f,\"theirs\":%.1f,\"ratio\":%.2f,\"oursAll\":%s,\"theirsAll\":%s}}",
        (one < crowd ? ours : crowdOurs).median(),
        (one < crowd ? theirs : crowdTheirs).median(),
        Math.min(one, crowd),
        IMAGE,
        ours.median(),
        theirs.median(),
        one,
        ours.json(),
        theirs.json(),
        CROWD,
        crowdOurs.median(),
        crowdTheirs.median(),
        crowd,
        crowdOurs.json(),
        crowdTheirs.json());
  }
}
