package io.mammatus.lab;

import io.mammatus.lab.bench.BootBench;
import io.mammatus.lab.demo.Demo;
import io.mammatus.lab.demo.DemoOptions;
import io.mammatus.lab.demo.Progress;
import java.io.IOException;
import java.util.List;

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
      usage: mammatus bench boot [--rounds N]

        boot   power-on to a node that offers itself for work, beside power-on to SSH of the same
               image without the agent; both firmwares, in turn. About four minutes a round (2)

      The last line is one JSON object; its "ratio" is ours divided by theirs, of medians, for the
      firmware where that is worse.
      """;

  private static boolean bench(List<String> words) throws IOException {
    boolean plain = words.equals(List.of("boot"));
    boolean counted =
        words.size() == 3
            && words.subList(0, 2).equals(List.of("boot", "--rounds"))
            && words.get(2).matches("[1-9]");
    if (!plain && !counted) {
      throw new IllegalArgumentException(BENCH_USAGE);
    }
    new BootBench(plain ? 2 : Integer.parseInt(words.get(2)), new Progress(System.out)).run();
    return true;
  }

  private static boolean demo(List<String> words) throws IOException {
    return new Demo(DemoOptions.parse(words), new Progress(System.out)).run();
  }
}
