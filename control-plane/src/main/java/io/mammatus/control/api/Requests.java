package io.mammatus.control.api;

import io.mammatus.control.write.CloudWriter;
import io.mammatus.control.write.Origin;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.cloud.Failure;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What every change has in common: who asks, and what became of it. */
final class Requests {

  /** W3C Trace Context, section 3.2. */
  private static final Pattern TRACE_PARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  /** RFC 3986, section 2.1; U+0000 is in no name. */
  private static final Pattern UNREADABLE = Pattern.compile("%(?![0-9A-Fa-f]{2})|%00");

  private static final String NOT_ENCODED =
      "a % comes with two hexadecimal digits, which are not 00; write a % itself as %25";

  private static final String ACTOR = "actor";
  private static final String AGAIN = "again";

  private Requests() {}

  /**
   * Keeps who asks.
   *
   * @param again asks for the name once more; empty if the token is not valid any more
   */
  static void authenticated(
      RoutingContext context, String actor, Supplier<Future<Optional<String>>> again) {
    context.put(ACTOR, actor);
    context.put(AGAIN, again);
  }

  /** Whether who asked is still known: an answer may go on for days. */
  static Future<Boolean> stillKnown(RoutingContext context) {
    Supplier<Future<Optional<String>>> again = Objects.requireNonNull(context.get(AGAIN));
    return again.get().map(Optional::isPresent);
  }

  /** The name in the path. */
  static String name(RoutingContext context) {
    return path(context, "name");
  }

  /** A part of the path, which the contract has. */
  static String path(RoutingContext context, String parameter) {
    return Objects.requireNonNull(context.pathParam(parameter), parameter);
  }

  /** The path as it was asked for, without the query. */
  static String path(RoutingContext context) {
    String path = context.request().path();
    return path == null ? "" : path;
  }

  /**
   * Refuses what no part of the path or the query can be decoded from, before a route looks into it
   * and breaks.
   */
  static void requireReadable(RoutingContext context) {
    String query = context.request().query();
    if (UNREADABLE.matcher(path(context)).find()) {
      context.fail(Problem.field("path", NOT_ENCODED).exception());
    } else if (query != null && UNREADABLE.matcher(query).find()) {
      context.fail(Problem.field("query", NOT_ENCODED).exception());
    } else {
      context.next();
    }
  }

  /** The body; the empty text if there is none. */
  static String body(RoutingContext context) {
    String body = context.body() == null ? null : context.body().asString();
    return body == null ? "" : body;
  }

  private static Origin origin(RoutingContext context) {
    String cause = "api:" + context.request().method() + " " + path(context);
    String actor = String.valueOf(context.<String>get(ACTOR));
    String parent = context.request().getHeader("traceparent");
    Matcher trace = TRACE_PARENT.matcher(parent == null ? "" : parent);
    return trace.matches() ? new Origin(actor, cause, trace.group(1)) : Origin.of(actor, cause);
  }

  /** The cloud after the change; fails with the problem if it was refused. */
  static Future<Cloud> change(RoutingContext context, CloudWriter writer, Command command) {
    return outcome(context, writer, command)
        .compose(outcome ->
            switch (outcome) {
              case Outcome.Done done -> Future.succeededFuture(done.cloud());
              case Outcome.Failed failed -> refused(failed.failure());
            });
  }

  static Future<Outcome> outcome(RoutingContext context, CloudWriter writer, Command command) {
    return writer.submit(command, origin(context));
  }

  static <T> Future<T> refused(Failure failure) {
    return Future.failedFuture(Problem.of(failure).exception());
  }

  static <T> Future<T> refused(Problem problem) {
    return Future.failedFuture(problem.exception());
  }
}
