package io.mammatus.lab.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all machines of a storm have come to. Thread-safe. */
final class StormFigures {

  /** What a machine is at, in this order. */
  enum Stage {
    OFF,
    /** The firmware asks for an address and what to boot. */
    ADDRESS,
    /** The loader, by TFTP. */
    LOADER,
    /** The loader asks again, and is told of its script. */
    ADDRESS_OF_LOADER,
    SCRIPT,
    KERNEL,
    INITRD,
    ROOT,
    DONE,
    FAILED;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  private static final int MAX_REASONS = 5;

  private final Map<Stage, List<Long>> nanos = new EnumMap<>(Stage.class);
  private final List<Long> total = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final AtomicInteger dhcpRepeats = new AtomicInteger();
  private final AtomicInteger tftpRepeats = new AtomicInteger();
  private final AtomicLong longestSilence = new AtomicLong();

  synchronized void took(Stage stage, long time) {
    nanos.computeIfAbsent(stage, _ -> new ArrayList<>()).add(time);
  }

  synchronized void done(long time) {
    total.add(time);
  }

  synchronized void failed(String why) {
    failures.add(why);
  }

  void repeatedDhcp(int times) {
    dhcpRepeats.addAndGet(times);
  }

  void repeatedTftp(int times) {
    tftpRepeats.addAndGet(times);
  }

  /** A machine was told nothing for so long in the middle of a transfer over HTTP. */
  void silent(long time) {
    longestSilence.accumulateAndGet(time, Math::max);
  }

  /** Once all are done or have failed. */
  synchronized JsonObject json(double seconds) {
    JsonObject stages = new JsonObject();
    nanos.forEach((stage, times) -> stages.put(stage.label(), percentiles(times)));
    return new JsonObject()
        .put("seconds", rounded(seconds))
        .put("done", total.size())
        .put("failed", failures.size())
        .put("failures", new JsonArray(failures.stream().limit(MAX_REASONS).toList()))
        .put("machineSeconds", percentiles(total))
        .put("stageSeconds", stages)
        .put("retransmissions", repeats())
        .put("longestSilenceSeconds", rounded(longestSilence.get() / 1e9));
  }

  private JsonObject repeats() {
    return new JsonObject().put("dhcp", dhcpRepeats.get()).put("tftp", tftpRepeats.get());
  }

  private static JsonObject percentiles(List<Long> times) {
    double[] sorted = times.stream().mapToDouble(time -> time / 1e9).sorted().toArray();
    return new JsonObject()
        .put("p50", rounded(percentile(sorted, 50)))
        .put("p99", rounded(percentile(sorted, 99)))
        .put("max", rounded(percentile(sorted, 100)));
  }

  /** The nearest rank: the least that so many percent are not above. */
  static double percentile(double[] sorted, int percent) {
    if (sorted.length == 0) {
      return 0;
    }
    return sorted[Math.max(0, Math.ceilDiv(sorted.length * percent, 100) - 1)];
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }

  /** How many are in which stage, in a line. */
  static String line(List<Stage> machines) {
    int[] count = new int[Stage.values().length];
    machines.forEach(stage -> count[stage.ordinal()]++);
    return Arrays.stream(Stage.values())
        .filter(stage -> count[stage.ordinal()] > 0)
        .map(stage -> count[stage.ordinal()] + " " + stage.label())
        .collect(java.util.stream.Collectors.joining(", "));
  }
}
