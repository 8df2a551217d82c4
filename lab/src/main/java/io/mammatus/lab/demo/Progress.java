package io.mammatus.lab.demo;

import java.io.PrintStream;
import java.util.Locale;

/** Says what is going on, with the time since the start. */
public final class Progress {

  private final PrintStream out;
  private final long start = System.nanoTime();
  private String step = "";

  public Progress(PrintStream out) {
    this.out = out;
  }

  /** Begins a step; a failure from now on is this step's. */
  public void step(String format, Object... values) {
    step = format.formatted(values);
    line("==> " + step);
  }

  /** Something happened within the step. */
  public void note(String format, Object... values) {
    line("    " + format.formatted(values));
  }

  /** Text as it is, such as a table. */
  public void text(String text) {
    text.lines().forEach(line -> out.println("          " + line));
    out.flush();
  }

  /** The step that is under way. */
  public String step() {
    return step;
  }

  private void line(String text) {
    out.println(String.format(Locale.ROOT, "[%6.1f] %s", (System.nanoTime() - start) / 1e9, text));
    out.flush();
  }
}
