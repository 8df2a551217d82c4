package io.mammatus.lab.bench;

import io.mammatus.lab.Await;
import io.mammatus.lab.ImageBuild;
import io.mammatus.lab.Preflight;
import io.mammatus.lab.cloud.CloudUser;
import io.mammatus.lab.demo.Progress;
import io.mammatus.lab.rack.Firmware;
import io.mammatus.lab.rack.LabNetwork;
import io.mammatus.lab.rack.Operator;
import io.mammatus.lab.rack.Rack;
import io.mammatus.lab.rack.VirtualMachine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How much of a machine's way to a node is ours: power-on until the node offers itself for work,
 * beside the same image on the same kind of machine without the agent, power-on until it answers on
 * SSH's port. One after the other, in turn, with both kinds of firmware, in one run.
 *
 * <p>The machine comes in for the first time: it makes its key, is accepted, claims its disk. Both
 * are watched from this process, five times a second, and the operator who accepts is a part of it:
 * the cores belong to the machine.
 */
public final class BootBench {

  private static final String NAME = "mambench";
  private static final int NUMBER = 2;
  private static final int SSH_PORT = 22;
  private static final int PROBE_MILLIS = 1000;

  private final int rounds;
  private final Progress progress;

  public BootBench(int rounds, Progress progress) {
    this.rounds = rounds;
    this.progress = progress;
  }

  private record Run(Firmware firmware, boolean agent, double seconds) {}

  /** Runs it; the last line is one JSON object. */
  public void run() throws IOException {
    List<String> missing = Preflight.missing(1, new Rack(NAME, NUMBER, List.of()).network());
    if (!missing.isEmpty()) {
      throw new IOException("missing: " + String.join("; ", missing));
    }
    ImageBuild.run(line -> progress.note("%s", line));
    List<Run> runs = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (Firmware firmware : Firmware.values()) {
        for (boolean agent : new boolean[] {true, false}) {
          double seconds = measure(firmware, agent);
          runs.add(new Run(firmware, agent, seconds));
          progress.note(
              "round %d of %d: %s, %s: %.1f s",
              round,
              rounds,
              firmware,
              agent ? "with agent to ready" : "without agent to SSH",
              seconds);
        }
      }
    }
    System.out.println(json(runs));
  }

  private double measure(Firmware firmware, boolean agent) throws IOException {
    Rack rack = new Rack(NAME, NUMBER, agent ? List.of() : List.of("mammatus.agent=off"));
    Thread ending = new Thread(() -> destroy(rack), "bench-end");
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      rack.create();
      rack.cloud().start();
      rack.network().openFromOutside();
      CloudUser user = new CloudUser(rack.folder().resolve("user"));
      user.logIn(rack.cloud().api(), rack.cloud().token().orElseThrow());
      VirtualMachine machine =
          rack.add(
              new VirtualMachine.Shape(
                  "server-1", firmware, "52:54:00:77:00:01", 2048, 8, List.of()));
      Instant on = Instant.now();
      machine.powerOn();
      Instant done = agent ? ready(user, machine) : ssh(machine);
      return Duration.between(on, done).toMillis() / 1000.0;
    } finally {
      rack.destroy();
      Runtime.getRuntime().removeShutdownHook(ending);
    }
  }

  private static void destroy(Rack rack) {
    try {
      rack.destroy();
    } catch (IOException e) {
      System.err.println("mammatus: not all was ended: " + e.getMessage());
    }
  }

  private static Instant ready(CloudUser user, VirtualMachine machine) throws IOException {
    Operator operator = new Operator(user);
    operator.accept(operator.awaitAsking(machine));
    return operator.offersItselfAt(operator.awaitReady(machine));
  }

  /** The first address of the range for machines is the only machine's. */
  private static Instant ssh(VirtualMachine machine) throws IOException {
    return Await.value(
        machine.shape().name() + " answers on SSH's port",
        VirtualMachine.BOOT_LIMIT,
        () -> {
          machine.requireOn();
          return greets() ? Optional.of(Instant.now()) : Optional.empty();
        });
  }

  /** Whether an SSH server says which version it speaks (RFC 4253, section 4.2). */
  private static boolean greets() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(LabNetwork.FIRST_MACHINE, SSH_PORT), PROBE_MILLIS);
      socket.setSoTimeout(PROBE_MILLIS);
      byte[] greeting = socket.getInputStream().readNBytes(4);
      return new String(greeting, StandardCharsets.US_ASCII).equals("SSH-");
    } catch (IOException e) {
      return false;
    }
  }

  /** The ratio that counts is the worse of the two firmwares'. */
  private String json(List<Run> runs) {
    List<String> parts = new ArrayList<>();
    double worst = 0;
    for (Firmware firmware : Firmware.values()) {
      List<Double> ours = seconds(runs, firmware, true);
      List<Double> theirs = seconds(runs, firmware, false);
      double ratio = median(ours) / median(theirs);
      worst = Math.max(worst, ratio);
      parts.add(
          String.format(
              Locale.ROOT,
              "\"%s\":{\"ours\":%.1f,\"theirs\":%.1f,\"ratio\":%.2f,\"oursAll\":[%s],\"theirsAll\":[%s]}",
              firmware.name().toLowerCase(Locale.ROOT),
              median(ours),
              median(theirs),
              ratio,
              list(ours),
              list(theirs)));
    }
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"boot\",\"peer\":\"the same image without agent, to SSH\",\"unit\":\"s\",\"rounds\":%d,%s,\"ratio\":%.2f}",
        rounds,
        String.join(",", parts),
        worst);
  }

  private static List<Double> seconds(List<Run> runs, Firmware firmware, boolean agent) {
    return runs.stream()
        .filter(run -> run.agent() == agent && run.firmware() == firmware)
        .map(Run::seconds)
        .toList();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static String list(List<Double> values) {
    return values.stream()
        .map(value -> String.format(Locale.ROOT, "%.1f", value))
        .collect(Collectors.joining(","));
  }
}
