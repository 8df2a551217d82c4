package io.mammatus.platform.json;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them, {@code 30s}, {@code 1h30m}, {@code 500ms}, {@code 7d}, and as
 * programs do, {@code PT1H30M} (ISO 8601): whoever has one of the two need not know which.
 */
public final class Durations {

  private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + ")+");

  private Durations() {}

  /**
   * Reads one or more numbers with the units ms, s, m, h, d, or ISO 8601's form.
   *
   * @throws IllegalArgumentException if the text is anything else, a bare number included
   */
  public static Duration parse(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return iso(text);
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      sum = sum.plus(of(Long.parseLong(part.group(1)), part.group(2)));
    }
    return sum;
  }

  private static Duration iso(String text) {
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // Told below, with the form that people write.
    }
    throw new IllegalArgumentException("not a duration (like 30s, 5m, 1h30m, 7d or PT1H): " + text);
  }

  private static Duration of(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
