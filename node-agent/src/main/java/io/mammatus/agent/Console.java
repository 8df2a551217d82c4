package io.mammatus.agent;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * What the machine's own console shows. An operator reads the key's fingerprint here, so it is
 * plain, and the same sentence is not repeated.
 */
final class Console {

  private final PrintStream out;
  private String last = "";

  Console(PrintStream out) {
    this.out = out;
  }

  void say(String format, @Nullable Object... values) {
    last = format.formatted(values);
    out.println("mammatus-agent: " + last);
    out.flush();
  }

  /** Says it unless it was the last thing said. */
  void sayOnce(String format, @Nullable Object... values) {
    if (!format.formatted(values).equals(last)) {
      say(format, values);
    }
  }
}
