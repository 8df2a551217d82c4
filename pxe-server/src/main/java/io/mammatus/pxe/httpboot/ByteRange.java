package io.mammatus.pxe.httpboot;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a file is asked for (RFC 9110, section 14). */
sealed interface ByteRange {

  /** All of it: no range, or one that a server may ignore (section 14.2). */
  record Full() implements ByteRange {}

  /** From {@code first} to {@code last}, both included. */
  record Part(long first, long last) implements ByteRange {}

  /** Nothing of the range exists: status 416. */
  record Unsatisfiable() implements ByteRange {}

  /** One range of bytes; several at once are ignored, as no boot loader asks so. */
  Pattern SINGLE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  static ByteRange parse(String header, long size) {
    Matcher range = SINGLE.matcher(header.replace(" ", ""));
    if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
      return new Full();
    }
    if (range.group(1).isEmpty()) {
      long suffix = Long.parseLong(range.group(2));
      return suffix == 0 || size == 0
          ? new Unsatisfiable()
          : new Part(Math.max(0, size - suffix), size - 1);
    }
    long first = Long.parseLong(range.group(1));
    long last = range.group(2).isEmpty() ? size - 1 : Long.parseLong(range.group(2));
    if (!range.group(2).isEmpty() && last < first) {
      return new Full();
    }
    return first >= size ? new Unsatisfiable() : new Part(first, Math.min(last, size - 1));
  }
}
