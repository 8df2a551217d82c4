package io.mammatus.lab;

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

  private static boolean demo(List<String> words) throws IOException {
    return new Demo(DemoOptions.parse(words), new Progress(System.out)).run();
  }
}
