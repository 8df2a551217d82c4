package io.mammatus.launcher.doctor;

/**
 * What was found out about one thing.
 *
 * @param what it is about, such as {@code interface br0}
 * @param detail what was found, and for what is wrong, what to do about it
 */
public record Finding(Level level, String what, String detail) {

  /** How bad it is. */
  public enum Level {
    OK,
    /** It works without; something that is wanted is not there. */
    NOTE,
    WRONG
  }

  static Finding ok(String what, String detail) {
    return new Finding(Level.OK, what, detail);
  }

  static Finding note(String what, String detail) {
    return new Finding(Level.NOTE, what, detail);
  }

  static Finding wrong(String what, String detail) {
    return new Finding(Level.WRONG, what, detail);
  }

  /** A line for people. */
  public String line() {
    String mark =
        switch (level) {
          case OK -> "ok   ";
          case NOTE -> "note ";
          case WRONG -> "WRONG";
        };
    return "%s  %s: %s".formatted(mark, what, detail);
  }
}
