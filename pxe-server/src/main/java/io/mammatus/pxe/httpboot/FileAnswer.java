package io.mammatus.pxe.httpboot;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a request for a file is answered with: a pure function (RFC 9110, sections 13 and 14). */
sealed interface FileAnswer {

  /** Section 5.6.7: the form that is sent, and the two obsolete ones that are understood. */
  List<DateTimeFormatter> DATES =
      List.of(
          DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT),
          new DateTimeFormatterBuilder()
              .appendPattern("EEEE, dd-MMM-")
              .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
              .appendPattern(" HH:mm:ss 'GMT'")
              .toFormatter(Locale.US),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT));

  /** Status 200 and all of it. */
  record Whole() implements FileAnswer {}

  /** Status 206 and the octets from {@code first} to {@code last}, both included. */
  record Part(long first, long last) implements FileAnswer {}

  /** Status 304: the client has it. */
  record NotModified() implements FileAnswer {}

  /** Status 412: the file is not the one that the client wants. */
  record PreconditionFailed() implements FileAnswer {}

  /** Status 416: nothing of the range exists. */
  record Unsatisfiable() implements FileAnswer {}

  /**
   * What the file is.
   *
   * @param etag strong, with its quotation marks: another content has another one
   * @param modified for a file that can change; empty if its URL says for ever what it is
   */
  record File(long size, String etag, Optional<Instant> modified) {}

  /** The request's headers that matter. */
  record Asked(
      boolean get,
      Optional<String> range,
      Optional<String> ifRange,
      Optional<String> ifMatch,
      Optional<String> ifNoneMatch,
      Optional<String> ifModifiedSince,
      Optional<String> ifUnmodifiedSince) {}

  /** Decides in the order of section 13.2.2. */
  static FileAnswer decide(Asked asked, File file) {
    boolean wanted =
        asked.ifMatch.isPresent()
            ? names(asked.ifMatch.get(), file.etag, false)
            : !isAfter(file, asked.ifUnmodifiedSince);
    if (!wanted) {
      return new PreconditionFailed();
    }
    boolean known =
        asked.ifNoneMatch.isPresent()
            ? names(asked.ifNoneMatch.get(), file.etag, true)
            : date(asked.ifModifiedSince).isPresent()
                && file.modified.isPresent()
                && !isAfter(file, asked.ifModifiedSince);
    if (known) {
      return new NotModified();
    }
    // Section 14.2: a range means something to GET only.
    if (!asked.get || asked.range.isEmpty() || !same(asked.ifRange, file)) {
      return new Whole();
    }
    return switch (ByteRange.parse(asked.range.get(), file.size)) {
      case ByteRange.Full _ -> new Whole();
      case ByteRange.Part(long first, long last) -> new Part(first, last);
      case ByteRange.Unsatisfiable _ -> new Unsatisfiable();
    };
  }

  /**
   * Whether a list of entity tags has this one; a weak one ({@code W/}) only where that will do.
   */
  private static boolean names(String list, String etag, boolean weakly) {
    for (String one : list.split(",", -1)) {
      String tag = one.strip();
      if (tag.equals("*") || tag.equals(etag) || weakly && tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  /** Section 13.1.5: a tag compares strongly, a date exactly. */
  private static boolean same(Optional<String> ifRange, File file) {
    return ifRange.isEmpty()
        || ifRange.get().equals(file.etag)
        || file.modified.map(FileAnswer::date).equals(ifRange);
  }

  private static boolean isAfter(File file, Optional<String> date) {
    Optional<Instant> than = date(date);
    return than.isPresent()
        && file.modified.isPresent()
        && file.modified.get().truncatedTo(ChronoUnit.SECONDS).isAfter(than.get());
  }

  private static Optional<Instant> date(Optional<String> text) {
    return text.flatMap(
        date -> DATES.stream().flatMap(form -> date(date.strip(), form).stream()).findFirst());
  }

  private static Optional<Instant> date(String text, DateTimeFormatter form) {
    try {
      return Optional.of(LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty(); // section 13.1.3: what is no date is ignored
    }
  }

  /** As {@code Last-Modified} has it (section 5.6.7). */
  static String date(Instant instant) {
    return DATES.getFirst().format(instant.atOffset(ZoneOffset.UTC));
  }
}
