package io.mammatus.platform.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;

/**
 * {@code 2026-11-20T10:42:34.123Z WARNING Follower message}; a throwable's stack follows, indented.
 */
public final class LogLine extends Formatter {

  /** An API token, a bearer header, a private key in PEM form. */
  private static final Pattern SECRET =
      Pattern.compile(
          "mam_[A-Za-z0-9_-]{16,}|(?i:bearer )\\S+"
              + "|-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|$)");

  private static final Pattern BREAK = Pattern.compile("\\R");

  @Override
  public String format(LogRecord entry) {
    String text =
        "%s %s %s %s\n"
            .formatted(
                entry.getInstant().truncatedTo(ChronoUnit.MILLIS),
                entry.getLevel().getName(),
                shortName(entry.getLoggerName()),
                BREAK.matcher(masked(formatMessage(entry))).replaceAll(" | "));
    return entry.getThrown() == null ? text : text + masked(stack(entry.getThrown()));
  }

  private static String masked(String text) {
    return SECRET.matcher(text).replaceAll("***");
  }

  private static String shortName(@org.jspecify.annotations.Nullable String logger) {
    return logger == null ? "-" : logger.substring(logger.lastIndexOf('.') + 1);
  }

  private static String stack(Throwable thrown) {
    StringWriter written = new StringWriter();
    thrown.printStackTrace(new PrintWriter(written, true));
    return BREAK.matcher(written.toString().strip()).replaceAll("\n    ").indent(2);
  }
}
