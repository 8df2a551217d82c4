package io.mammatus.lab;

import io.mammatus.lab.bench.BootBench;
import io.mammatus.lab.bench.DhcpBench;
import io.mammatus.lab.bench.HttpBench;
import io.mammatus.lab.bench.StormBench;
import io.mammatus.lab.bench.TftpBench;
import io.mammatus.lab.demo.Demo;
import io.mammatus.lab.demo.DemoOptions;
import io.mammatus.lab.demo.Progress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code demo} and {@code bench}. */
public final class Main {

  private static final int BAD_USAGE = 2;

  private Main() {}

  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    try {
      boolean ok =
          switch (words.isEmpty() ? "" : words.getFirst()) {
            case "demo" -> demo(words.subList(1, words.size()));
            case "bench" -> bench(words.subList(1, words.size()));
            default -> throw new IllegalArgumentException(DemoOptions.USAGE);
          };
      Runtime.getRuntime().exit(ok ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      Runtime.getRuntime().exit(BAD_USAGE);
    } catch (IOException e) {
      System.err.println("mammatus: " + e.getMessage());
      Runtime.getRuntime().exit(1);
    }
  }

  private static final String BENCH_USAGE =
      """
      usage: mammatus bench boot|dhcp|tftp|http [--rounds N]
             mammatus bench storm [--rounds N] [--machines N]

        boot   power-on to a node that offers itself for work, beside power-on to SSH of the same
               image without the agent; both firmwares, in turn. About four minutes a round (2)
        dhcp   four-way exchanges a second without loss, by perfdhcp, beside Kea; two minutes a round (3)
        tftp   64 MiB to one client, in lock step and with a window, and 2 MiB to 200 clients at once,
               beside tftpd-hpa; half a minute a round (5)
        http   a 165 MiB image to one client and to 64 at once, beside nginx with sendfile; half a
               minute a round (5)
        storm  machines (1000) that are switched on within a second, with real packets, from DISCOVER to
               the first MiB of the root: unknown the first time, then known; a minute a round (2).
               Nothing to be beside

      The last line is one JSON object; its "ratio" is ours divided by theirs, of medians, where that
      is worse.
      """;

  private static boolean bench(List<String> words) throws IOException {
    if (words.isEmpty()) {
      throw new IllegalArgumentException(BENCH_USAGE);
    }
    boolean storm = words.getFirst().equals("storm");
    Progress progress = new Progress(System.out);
    Optional<Integer> rounds = option(words, "--rounds", "[1-9]");
    Optional<Integer> machines = option(words, "--machines", "[1-9][0-9]{0,3}");
    long given = rounds.stream().count() + machines.stream().count();
    if (words.size() != 1 + 2 * given || machines.isPresent() && !storm) {
      throw new IllegalArgumentException(BENCH_USAGE);
    }
    switch (words.getFirst()) {
      case "boot" -> new BootBench(rounds.orElse(2), progress).run();
      case "dhcp" -> new DhcpBench(rounds.orElse(3), progress).run();
      case "tftp" -> new TftpBench(rounds.orElse(5), progress).run();
      case "http" -> new HttpBench(rounds.orElse(7), progress).run();
      case "storm" -> {
        return new StormBench(machines.orElse(1000), rounds.orElse(2), progress).run();
      }
      default -> throw new IllegalArgumentException(BENCH_USAGE);
    }
    return true;
  }

  private static Optional<Integer> option(List<String> words, String name, String form) {
    int at = words.indexOf(name);
    return at > 0 && at + 1 < words.size() && words.get(at + 1).matches(form)
        ? Optional.of(Integer.parseInt(words.get(at + 1)))
        : Optional.empty();
  }

  private static boolean demo(List<String> words) throws IOException {
    return new Demo(DemoOptions.parse(words), new Progress(System.out)).run();
  }
}
