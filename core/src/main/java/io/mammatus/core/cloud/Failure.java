package io.mammatus.core.cloud;

import org.jspecify.annotations.Nullable;

/**
 * Why something was refused.
 *
 * @param code stable, for programs
 * @param message one sentence for people that says what to do
 * @param field the input that is wrong, as a path such as {@code spec.cidr}
 * @param actor who can change that
 */
public record Failure(Code code, String message, @Nullable String field, WhoActs actor) {

  /** What kind of refusal. */
  public enum Code {
    INVALID,
    NOT_FOUND,
    CONFLICT,
    /** It is not the version that the caller has seen. */
    VERSION_MOVED,
    FORBIDDEN,
    EXHAUSTED,
    UNAVAILABLE
  }

  /** Who must act. */
  public enum WhoActs {
    CALLER,
    OPERATOR,
    NOBODY_RETRY
  }

  public static Failure invalid(String field, String message) {
    return new Failure(Code.INVALID, message, field, WhoActs.CALLER);
  }

  public static Failure notFound(String message) {
    return new Failure(Code.NOT_FOUND, message, null, WhoActs.CALLER);
  }

  public static Failure conflict(String message) {
    return new Failure(Code.CONFLICT, message, null, WhoActs.CALLER);
  }

  public static Failure versionMoved(String message) {
    return new Failure(Code.VERSION_MOVED, message, null, WhoActs.CALLER);
  }

  public static Failure forbidden(String message) {
    return new Failure(Code.FORBIDDEN, message, null, WhoActs.OPERATOR);
  }

  public static Failure exhausted(String message) {
    return new Failure(Code.EXHAUSTED, message, null, WhoActs.OPERATOR);
  }

  public static Failure unavailable(String message) {
    return new Failure(Code.UNAVAILABLE, message, null, WhoActs.NOBODY_RETRY);
  }
}
