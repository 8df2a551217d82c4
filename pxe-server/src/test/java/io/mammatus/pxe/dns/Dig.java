package io.mammatus.pxe.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the real dig says.
 *
 * @param status such as NOERROR, or empty if nothing was answered
 * @param flags such as {@code qr aa rd ra}
 * @param answer the data of the answer's records
 * @param text all of it
 */
record Dig(String status, String flags, List<String> answer, String text) {

  private static final Pattern HEADER = Pattern.compile("status: ([A-Z]+),");
  private static final Pattern FLAGS = Pattern.compile(";; flags: ([a-z ]*);");

  /** Runs it; {@code arguments} as on the command line. */
  static Dig run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("dig", "+tries=1", "+time=8"));
    command.addAll(List.of(arguments));
    return ofCommand(command);
  }

  static Dig ofCommand(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes());
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return parse(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static Dig parse(String text) {
    List<String> answer = new ArrayList<>();
    boolean inside = false;
    for (String line : text.lines().toList()) {
      if (line.startsWith(";; ANSWER SECTION")) {
        inside = true;
      } else if (line.isEmpty()) {
        inside = false;
      } else if (inside) {
        answer.add(line.split("\\s+", 5)[4]);
      }
    }
    return new Dig(first(HEADER, text), first(FLAGS, text), answer, text);
  }

  /** The time to live of the first record of the answer. */
  long ttl() {
    Matcher record = Pattern.compile("\n;; ANSWER SECTION:\n\\S+\\s+([0-9]+)").matcher(text);
    if (!record.find()) {
      throw new AssertionError("no answer: " + text);
    }
    return Long.parseLong(record.group(1));
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }
}
