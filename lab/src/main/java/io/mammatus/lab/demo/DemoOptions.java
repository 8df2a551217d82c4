package io.mammatus.lab.demo;

import java.util.List;

/**
 * How the demo is run.
 *
 * @param machines how many virtual servers
 * @param once whether it ends by itself, having removed everything
 * @param clean whether only to remove what an earlier one left
 */
public record DemoOptions(int machines, boolean once, boolean clean) {

  public static final String USAGE =
      """
      usage: mammatus demo [--machines N] [--once] [--clean]

        --machines N   virtual servers, 1 to 8 (2): every other one has UEFI firmware
        --once         remove everything at the end; exit 0 only if all of it worked.
                       The last line is one JSON object with the figures
        --clean        remove what an earlier demo left behind, and end
      """;

  /**
   * Reads the words after {@code demo}.
   *
   * @throws IllegalArgumentException with the usage if there is one too many
   */
  public static DemoOptions parse(List<String> words) {
    int machines = 2;
    boolean once = false;
    boolean clean = false;
    for (int i = 0; i < words.size(); i++) {
      switch (words.get(i)) {
        case "--once" -> once = true;
        case "--clean" -> clean = true;
        case "--machines" -> machines = number(i + 1 < words.size() ? words.get(++i) : "");
        default -> throw new IllegalArgumentException(USAGE);
      }
    }
    return new DemoOptions(machines, once, clean);
  }

  private static int number(String text) {
    if (!text.matches("[1-8]")) {
      throw new IllegalArgumentException("--machines takes a number from 1 to 8\n" + USAGE);
    }
    return Integer.parseInt(text);
  }
}
