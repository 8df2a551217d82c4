package io.mammatus.control.api;

import io.mammatus.core.resource.Kind;
import io.mammatus.platform.json.JsonException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every way in which a request ends without what it asked for: one problem document. */
final class Failures {

  /** A whole does not match because a part does not: the part says why. */
  private static final Pattern NOISE =
      Pattern.compile("does not match (additional properties )?schema|Items did not match schema");

  private Failures() {}

  static void answer(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset().onFailure(e -> Log.debug("a broken answer was not ended", e));
      return;
    }
    Problem problem = problem(context);
    response.setStatusCode(problem.status()).putHeader("Content-Type", Problem.MEDIA_TYPE);
    if (problem.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    }
    if (problem.status() == 503) {
      response.putHeader("Retry-After", "1");
    }
    boolean unread = !context.request().isEnded();
    if (unread && context.request().version() != HttpVersion.HTTP_2) {
      response.putHeader("Connection", "close"); // the rest of the body is not waited for
    }
    response.end(problem.json()).onFailure(e -> Log.debug("an answer was not taken", e));
  }

  private static Problem problem(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure instanceof HttpException wrapped && wrapped.getCause() != null) {
      failure = wrapped.getCause();
    }
    if (failure instanceof ProblemException known) {
      return known.problem();
    } else if (failure instanceof SchemaValidationException invalid) {
      return invalid(context, invalid);
    } else if (failure instanceof ValidatorException invalid) {
      return Problem.field("", String.valueOf(invalid.getMessage()));
    } else if (failure instanceof JsonException invalid) {
      return Problem.field(invalid.problem().path(), invalid.problem().message());
    }
    return byStatus(context, failure);
  }

  private static Problem byStatus(RoutingContext context, @Nullable Throwable failure) {
    String path = Requests.path(context);
    return switch (context.statusCode()) {
      case 400 -> Problem.field("", "the request cannot be read");
      case 404 -> Problem.notFound("nothing is at " + path + ": see /v1/openapi.json");
      case 405 ->
          Problem.of(
              405,
              "method-not-allowed",
              "This method does not apply here",
              context.request().method() + " does not apply to " + path + ": see /v1/openapi.json");
      case 413 ->
          Problem.of(413, "too-large", "The body is too large", "at most 1 MiB is read here");
      default -> internal(context, failure);
    };
  }

  /** Not the caller's doing: the log has the trace, the answer has not. */
  private static Problem internal(RoutingContext context, @Nullable Throwable failure) {
    if (failure != null) {
      Log.error(context.request().method() + " " + Requests.path(context), failure);
    }
    return Problem.of(
        500, "internal", "Something is wrong here", "the control plane's log says what: try again");
  }

  /** Our own reader says it better where it refuses too; the schema's words where it does not. */
  private static Problem invalid(RoutingContext context, SchemaValidationException invalid) {
    boolean put = context.request().method().name().equals("PUT");
    String[] path = Requests.path(context).split("/", -1);
    Optional<Kind> kind = put && path.length > 2 ? Kind.named(path[2]) : Optional.empty();
    if (kind.isPresent()) {
      try {
        ResourceJson.wanted(kind.get(), Requests.body(context));
      } catch (ProblemException precise) {
        return precise.problem();
      }
    }
    return fields(invalid);
  }

  private static Problem fields(SchemaValidationException invalid) {
    List<Problem.FieldError> errors = new ArrayList<>();
    List<OutputUnit> units =
        invalid.getOutputUnit() == null ? null : invalid.getOutputUnit().getErrors();
    if (units != null) {
      for (OutputUnit unit : units) {
        String message = String.valueOf(unit.getError());
        if (!NOISE.matcher(message).find()) {
          errors.add(new Problem.FieldError(field(unit.getInstanceLocation()), message));
        }
      }
    }
    if (errors.isEmpty()) {
      return Problem.field("", String.valueOf(invalid.getMessage()));
    }
    Problem.FieldError last = errors.getLast(); // the schema goes from the whole to the part
    Problem first = Problem.field(last.field(), last.message());
    return new Problem(
        first.type(), first.title(), first.status(), first.detail(), first.field(), errors);
  }

  /** {@code #/spec/macs/0} as {@code spec.macs.0}. */
  private static String field(@Nullable String location) {
    return location == null ? "" : location.replaceFirst("^#?/?", "").replace('/', '.');
  }
}
