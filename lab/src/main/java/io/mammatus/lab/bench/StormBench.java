package io.mammatus.lab.bench;

import io.mammatus.lab.Layout;
import io.mammatus.lab.Shell;
import io.mammatus.lab.demo.Progress;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A rack is switched on: so many machines at once, each from its first DISCOVER to the first MiB of
 * its root file system, by a cloud that has just been started. The first time nobody knows them;
 * then they are switched on again, now known, which also shows whether memory grows.
 */
public final class StormBench {

  private static final int MOST_SHOWN = 10;

  private final int machines;
  private final int rounds;
  private final Progress progress;
  private final List<JsonObject> storms = new ArrayList<>();

  public StormBench(int machines, int rounds, Progress progress) {
    if (machines < 1 || machines > StormNet.MOST_MACHINES) {
      throw new IllegalArgumentException("--machines: 1 to " + StormNet.MOST_MACHINES);
    }
    this.machines = machines;
    this.rounds = rounds;
    this.progress = progress;
  }

  /**
   * Runs it; the last line is one JSON object.
   *
   * @return whether all machines came through
   */
  public boolean run() throws IOException {
    Path folder = Layout.rack("mambench-storm");
    Shell.run("rm", "-rf", folder.toString());
    BenchCloud cloud = new BenchCloud(folder, StormNet.NETWORK);
    String room;
    List<String> troubles;
    try (BenchNet net = new BenchNet("mbstrm");
        StormNet layer2 = new StormNet(net)) {
      StormPayloads.write(cloud.loaders(), cloud.images());
      layer2.create(machines);
      room = layer2.room();
      progress.note("neighbour table: %s", room);
      ProcessHandle server = cloud.start(net.ours()).toHandle();
      Process client = client(net, cloud);
      try {
        BufferedWriter orders = client.outputWriter();
        BufferedReader lines = client.inputReader();
        progress.note("the machines are %s", lines.readLine());
        for (int round = 1; round <= rounds; round++) {
          progress.note("storm %d of %d", round, rounds);
          storms.add(storm(orders, lines, layer2, server, client.toHandle()));
          progress.note("%s", storms.getLast().encode());
        }
      } finally {
        client.destroy();
      }
      troubles = cloud.troubles();
      troubles.stream().limit(MOST_SHOWN).forEach(line -> progress.note("server: %s", line));
    } finally {
      Shell.run("rm", "-rf", folder.toString());
    }
    System.out.println(json(room, troubles.size()).encode());
    return failed() == 0;
  }

  /** What was measured, storm by storm. */
  List<JsonObject> storms() {
    return List.copyOf(storms);
  }

  private Process client(BenchNet net, BenchCloud cloud) throws IOException {
    return new ProcessBuilder(
            BenchNet.inside(
                net.client(),
                List.of(
                    Layout.java(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    // more than cores: the kernel then shares them among the machines
                    "-Djdk.virtualThreadScheduler.parallelism=16",
                    "-Xmx1g",
                    "-XX:MaxDirectMemorySize=1g",
                    "-XX:+UseSerialGC",
                    "-cp",
                    Layout.libraries() + "/*",
                    StormClient.class.getName(),
                    Integer.toString(machines),
                    cloud.loaders().toString(),
                    cloud.images().toString())))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private JsonObject storm(
      BufferedWriter orders,
      BufferedReader lines,
      StormNet layer2,
      ProcessHandle server,
      ProcessHandle client)
      throws IOException {
    long repeats = layer2.tcpRepeats();
    long full = StormNet.tableFull();
    Duration serverBefore = cpu(server);
    Duration clientBefore = cpu(client);
    try (ServerMemory memory = new ServerMemory(server)) {
      long before = memory.now();
      JsonObject result = result(orders, lines);
      result.getJsonObject("retransmissions").put("tcp", layer2.tcpRepeats() - repeats);
      return result
          .put(
              "serverMiB",
              new JsonObject()
                  .put("before", before)
                  .put("peak", memory.peak())
                  .put("after", memory.now()))
          .put("serverCpuSeconds", cpu(server).minus(serverBefore).toSeconds())
          .put("clientCpuSeconds", cpu(client).minus(clientBefore).toSeconds())
          .put("neighbours", layer2.neighbours())
          .put("neighbourTableFull", StormNet.tableFull() - full);
    }
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private JsonObject result(BufferedWriter orders, BufferedReader lines) throws IOException {
    orders.write("storm\n");
    orders.flush();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(StormClient.RESULT)) {
        return new JsonObject(line.substring(StormClient.RESULT.length()));
      }
      progress.note("  %s", line);
    }
    throw new IOException("the machines' process ended");
  }

  private int failed() {
    return storms.stream().mapToInt(storm -> storm.getInteger("failed")).sum();
  }

  /** There is no peer: none of the servers beside whom the others measure does all of it. */
  private JsonObject json(String room, int troubles) {
    return new JsonObject()
        .put("bench", "storm")
        .put("ours", storms.getFirst().getDouble("seconds"))
        .putNull("theirs")
        .putNull("peer")
        .put("unit", "s")
        .putNull("ratio")
        .put("machines", machines)
        .put("failed", failed())
        .put("bytesAMachine", StormPayloads.BYTES_A_MACHINE)
        .put("neighbourTable", room)
        .put("serverWarnings", troubles)
        .put("oursDurable", "fsync=on, synchronous_commit=on")
        .put("storms", new JsonArray(storms));
  }
}
