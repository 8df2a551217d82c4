package io.mammatus.lab.bench;

import io.mammatus.lab.Await;
import io.mammatus.lab.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Real clients that go on while bad packets come: udhcpc renews by unicast once a second, dhclient
 * begins anew again and again (INIT-REBOOT), and a third machine renews, resolves and fetches.
 */
final class HonestClients {

  static final int RENEWS = 1;
  static final int REBOOTS = 2;
  static final int FETCHES = 3;
  static final int COUNT = 3;

  private static final Pattern LEASE =
      Pattern.compile("(?:lease of|bound to) ([0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+)");
  private static final Pattern LOST = Pattern.compile("(?i)nak|lease lost|no lease");
  private static final long LIMIT_SECONDS = 40;

  private final FloodNet net;
  private final Path folder;
  private final Map<String, String> digests;
  private final Path authority;
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> done = new TreeMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  /**
   * @param digests SHA-256 by URL: what is fetched, and what it should be
   * @param authority whom they believe over TLS
   */
  HonestClients(FloodNet net, Path folder, Map<String, String> digests, Path authority)
      throws IOException {
    this.net = net;
    this.folder = Files.createDirectories(folder);
    this.digests = digests;
    this.authority = authority;
    Path script = folder.resolve("lease.sh");
    Files.writeString(
        script,
        """
        #!/bin/sh
        case "$1" in bound|renew) ip address replace "$ip/16" dev "$interface";; esac
        """);
    if (!script.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + script);
    }
  }

  /** Has the first leases, then goes on in the background; the addresses are what it gives. */
  Map<String, String> begin() throws IOException {
    Path log = folder.resolve("udhcpc.log");
    Process renewing = Shell.start(log, inside(RENEWS, udhcpc("-f")));
    String first =
        Await.value(
            "udhcpc has a lease", Duration.ofSeconds(20), () -> leases(log).stream().findFirst());
    String second = dhclient();
    String third = udhcpcOnce();
    go("renew", () -> renew(renewing, log, first));
    go("reboot", () -> same(second, dhclient()));
    go("rebind", () -> same(third, udhcpcOnce()));
    go("resolve", this::resolve);
    digests.forEach((url, digest) -> go("fetch " + url, () -> fetch(url, digest)));
    return Map.of(
        FloodNet.mac(RENEWS), first, FloodNet.mac(REBOOTS), second, FloodNet.mac(FETCHES), third);
  }

  /** Ends them, and gives what they did and how often. */
  Map<String, Integer> end() throws InterruptedException {
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
    return done;
  }

  /** What went wrong, in words. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** What one of them does again and again. */
  private interface Task {
    void run() throws Exception;
  }

  private void go(String name, Task task) {
    done.put(name, 0);
    threads.add(
        Thread.ofVirtual()
            .start(() -> {
              while (!over) {
                try {
                  task.run();
                  synchronized (done) {
                    done.merge(name, 1, Integer::sum);
                  }
                } catch (Exception | AssertionError e) {
                  failures.add(name + ": " + e);
                }
              }
            }));
  }

  private void renew(Process client, Path log, String address) throws IOException {
    int before = leases(log).size();
    Shell.run("kill", "-USR1", Long.toString(client.pid()));
    Await.until(
        "udhcpc has renewed its lease", Duration.ofSeconds(15), () -> leases(log).size() > before);
    same(address, leases(log).getLast());
    String said = Files.readString(log);
    if (LOST.matcher(said).find() || said.split("broadcasting discover", -1).length > 4) {
      throw new IOException("it began anew: " + said);
    }
  }

  private static List<String> leases(Path log) throws IOException {
    List<String> found = new ArrayList<>();
    Matcher matcher = LEASE.matcher(Files.readString(log));
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  /** As systems run it: it does not give up, and asks no faster than cards may. */
  private String udhcpcOnce() throws IOException {
    pause();
    return lease(FETCHES, udhcpc("-f", "-q", "-t", "4", "-T", "3", "-A", "1"));
  }

  private List<String> udhcpc(String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("udhcpc", "-i", "eth0", "-s", folder.resolve("lease.sh").toString()));
    command.addAll(List.of(more));
    return command;
  }

  private String dhclient() throws IOException {
    Path log = folder.resolve("dhclient.log");
    Files.deleteIfExists(log);
    Process client =
        Shell.start(
            log,
            inside(
                REBOOTS,
                List.of(
                    "dhclient",
                    "-4",
                    "-d",
                    "-lf",
                    folder.resolve("dhclient.leases").toString(),
                    "-pf",
                    folder.resolve("dhclient.pid").toString(),
                    "-sf",
                    "/bin/true",
                    "eth0")));
    try {
      return Await.value(
          "dhclient has a lease", Duration.ofSeconds(40), () -> leases(log).stream().findFirst());
    } finally {
      client.destroyForcibly(); // told to end, it would give its address back
    }
  }

  private String lease(int client, List<String> command) throws IOException {
    String said = run(client, command);
    Matcher matcher = LEASE.matcher(said);
    if (!matcher.find()) {
      throw new IOException("no lease: " + said);
    }
    return matcher.group(1);
  }

  private void resolve() throws IOException {
    for (String transport : List.of("+notcp", "+tcp")) {
      String said =
          run(
              FETCHES,
              List.of(
                  "dig",
                  "@" + FloodNet.SERVER,
                  transport,
                  "+tries=4",
                  "+time=3",
                  "+short",
                  "server.mammatus.internal"));
      same(FloodNet.SERVER, said.replaceAll("(?m)^;;.*\n", "").strip()); // it may ask again
    }
    pause();
  }

  private void fetch(String url, String digest) throws IOException {
    Path file = Files.createTempFile(folder, "fetched", ".bin");
    try {
      run(
          FETCHES,
          List.of(
              "curl",
              "-sS",
              "-m",
              "35",
              "--cacert",
              authority.toString(),
              "-o",
              file.toString(),
              url));
      same(digest, Shell.run("sha256sum", file.toString()).split(" ")[0]);
    } finally {
      Files.delete(file);
    }
    pause();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(300);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String run(int client, List<String> command) throws IOException {
    Shell.Result result =
        Shell.attempt(LIMIT_SECONDS, inside(client, command).toArray(String[]::new));
    if (!result.ok()) {
      throw new IOException(
          String.join(" ", command) + " ended with " + result.status() + ": " + result.output());
    }
    return result.output();
  }

  private List<String> inside(int client, List<String> command) {
    return BenchNet.inside(net.client(client), command);
  }

  private static void same(String expected, String found) throws IOException {
    if (!expected.equals(found)) {
      throw new IOException("not " + expected + " but " + found);
    }
  }
}
