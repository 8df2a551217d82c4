package io.mammatus.lab;

import io.mammatus.lab.bench.BootBench;
import io.mammatus.lab.bench.DhcpBench;
import io.mammatus.lab.bench.HttpBench;
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

        boot   power-on to a node that offers itself for work, beside power-on to SSH of the same
               image without the agent; both firmwares, in turn. About four minutes a round (2)
        dhcp   four-way exchanges a second without loss, by perfdhcp, beside Kea; two minutes a round (3)
        tftp   64 MiB to one client, in lock step and with a window, and 2 MiB to 200 clients at once,
               beside tftpd-hpa; half a minute a round (5)
        http   a 165 MiB image to one client and to 64 at once, beside nginx with sendfile; half a
               minute a round (5)

      The last line is one JSON object; its "ratio" is ours divided by theirs, of medians, where that
      is worse.
      """;

  private static boolean bench(List<String> words) throws IOException {
    boolean counted =
        words.size() == 3 && words.get(1).equals("--rounds") && words.get(2).matches("[1-9]");
    if (words.size() != 1 && !counted) {
      throw new IllegalArgumentException(BENCH_USAGE);
    }
    Progress progress = new Progress(System.out);
    Optional<Integer> rounds =
        counted ? Optional.of(Integer.parseInt(words.get(2))) : Optional.empty();
    switch (words.getFirst()) {
      case "boot" -> new BootBench(rounds.orElse(2), progress).run();
      case "dhcp" -> new DhcpBench(rounds.orElse(3), progress).run();
      case "tftp" -> new TftpBench(rounds.orElse(5), progress).run();
      case "http" -> new HttpBench(rounds.orElse(5), progress).run();
      default -> throw new IllegalArgumentException(BENCH_USAGE);
    }
    return true;
  }

  private static boolean demo(List<String> words) throws IOException {
    return new Demo(DemoOptions.parse(words), new Progress(System.out)).run();
  }
}
