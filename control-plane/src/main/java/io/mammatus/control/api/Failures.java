package io.mammatus.control.api;

import io.mammatus.platform.json.JsonException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.openapi.validation.ValidatorException;
import org.jspecify.annotations.Nullable;

/** Every way in which a request ends without what it asked for: one problem document. */
final class Failures {

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

  /** What is no HTTP, or too much of it: no route ever sees it. */
  static void unreadable(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Problem problem =
        switch (cause) {
          case TooLongHttpLineException line ->
              Problem.of(414, "too-long", "The address is too long", "at most 4 KiB is read here");
          case TooLongHttpHeaderException header ->
              Problem.of(
                  431, "too-long", "The headers are too long", "at most 16 KiB is read here");
          case null, default -> Problem.field("", "this is not HTTP as it can be read here");
        };
    request
        .response()
        .setStatusCode(problem.status())
        .putHeader("Content-Type", Problem.MEDIA_TYPE)
        .putHeader("Connection", "close")
        .end(problem.json())
        .onFailure(e -> Log.debug("an answer was not taken", e));
  }

  private static Problem problem(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure instanceof HttpException wrapped && wrapped.getCause() != null) {
      failure = wrapped.getCause();
    }
    if (failure instanceof ProblemException known) {
      return known.problem();
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
    Log.error(
        context.request().method() + " " + Requests.path(context),
        failure == null
            ? new IllegalStateException("it failed with status " + context.statusCode())
            : failure);
    return Problem.of(
        500, "internal", "Something is wrong here", "the control plane's log says what: try again");
  }
}
