package io.mammatus.control.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mammatus.core.cloud.Failure;
import io.mammatus.platform.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457).
 *
 * @param type {@code urn:mammatus:problem:CODE}; stable
 * @param title the same for every problem of this type
 * @param status the answer's status
 * @param detail what is wrong here, and what to do
 * @param field the field that is wrong, where it is one
 * @param errors every field that is wrong
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String field,
    List<FieldError> errors) {

  static final String MEDIA_TYPE = "application/problem+json";
  private static final String URN = "urn:mammatus:problem:";

  /** One field and what is wrong with it. */
  record FieldError(String field, String message) {}

  static Problem of(int status, String code, String title, String detail) {
    return new Problem(URN + code, title, status, detail, null, List.of());
  }

  /** The request has a field that cannot be as it is. */
  static Problem field(String field, String message) {
    return new Problem(
        URN + "invalid",
        "The request is not valid",
        400,
        field.isEmpty() ? message : field + ": " + message,
        field.isEmpty() ? null : field,
        field.isEmpty() ? List.of() : List.of(new FieldError(field, message)));
  }

  /** The same for all that is wrong; the first is told in the detail. */
  static Problem fields(List<FieldError> errors) {
    FieldError first = errors.getFirst();
    Problem told =
        first.field().isEmpty()
            ? field("", "the body " + first.message())
            : field(first.field(), first.message());
    List<FieldError> named = errors.stream().filter(e -> !e.field().isEmpty()).toList();
    return new Problem(told.type, told.title, told.status, told.detail, told.field, named);
  }

  static Problem notFound(String detail) {
    return of(404, "not-found", "There is no such thing", detail);
  }

  static Problem unavailable(String detail) {
    return of(503, "unavailable", "Not available at the moment", detail);
  }

  static Problem precondition(String detail) {
    return of(412, "precondition-failed", "It has another version", detail);
  }

  /**
   * A reader goes on from where the log has never been, or is no more: after a restore of an older
   * backup, what it was told did not happen. Waiting would hide that from it until other things had
   * happened at those positions.
   */
  static Problem beyondLog(String field, long position, long head) {
    String message =
        "the log ends at %d, and %d is behind that: it is another log, or an older backup of it;"
                .formatted(head, position)
            + " start over: get the list, then watch from its position";
    return new Problem(
        URN + "beyond-log",
        "The log does not reach that far",
        410,
        field + ": " + message,
        field,
        List.of(new FieldError(field, message)));
  }

  /** An image names files that nobody sent. */
  static Problem missingBlob(List<FieldError> missing) {
    Problem named = fields(missing);
    return new Problem(
        URN + "missing-blob",
        "A file of the image is not there",
        409,
        named.detail,
        named.field,
        missing);
  }

  /** What the cloud refused. */
  static Problem of(Failure failure) {
    String detail = failure.message();
    return switch (failure.code()) {
      case INVALID -> field(failure.field() == null ? "" : failure.field(), detail);
      case NOT_FOUND -> notFound(detail);
      case CONFLICT -> of(409, "conflict", "It cannot be done as things are", detail);
      case VERSION_MOVED -> precondition(detail);
      case FORBIDDEN -> of(403, "forbidden", "It is not allowed", detail);
      case EXHAUSTED -> of(409, "exhausted", "There is none left", detail);
      case UNAVAILABLE -> unavailable(detail);
    };
  }

  String json() {
    return Json.strict().write(this);
  }

  ProblemException exception() {
    return new ProblemException(this);
  }
}
