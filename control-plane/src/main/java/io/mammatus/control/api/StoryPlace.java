package io.mammatus.control.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a resource's story, which the log and the trace tell together. The story goes by time;
 * what has one instant goes by source, and within a source by the number that the source gave it.
 * No two records have one place, so that a page which begins after one neither loses nor repeats
 * any.
 *
 * @param at in microseconds, as PostgreSQL keeps it
 * @param number a position of the log, or an id of the trace
 */
record StoryPlace(Instant at, Source source, long number) implements Comparable<StoryPlace> {

  /** Before the first of all. */
  static final StoryPlace START = new StoryPlace(Instant.EPOCH, Source.LOG, -1);

  private static final long MICROS = 1_000_000;
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,18})\\.(LOG|TRACE)\\.([0-9]{1,18})");
  private static final Comparator<StoryPlace> ORDER =
      Comparator.comparing(StoryPlace::at)
          .thenComparing(StoryPlace::source)
          .thenComparing(StoryPlace::number);

  /** Who tells it, in the order in which they are told. */
  enum Source {
    LOG,
    TRACE
  }

  /** The number after which a source's records of this very instant are still to be told. */
  long after(Source asked) {
    int order = asked.compareTo(source);
    if (order == 0) {
      return number;
    }
    return order < 0 ? Long.MAX_VALUE : -1;
  }

  /** The place as the text that goes to the caller and comes back. */
  String cursor() {
    long micros = at.getEpochSecond() * MICROS + at.getNano() / 1000;
    String text = micros + "." + source + "." + number;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what {@link #cursor} wrote.
   *
   * @throws IllegalArgumentException if it did not
   */
  static StoryPlace parse(String cursor) {
    String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a place in a story");
    }
    long micros = Long.parseLong(parts.group(1));
    return new StoryPlace(
        Instant.ofEpochSecond(micros / MICROS, micros % MICROS * 1000),
        Source.valueOf(parts.group(2)),
        Long.parseLong(parts.group(3)));
  }

  @Override
  public int compareTo(StoryPlace other) {
    return ORDER.compare(this, other);
  }
}
