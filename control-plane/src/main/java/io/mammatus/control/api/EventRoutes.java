package io.mammatus.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import io.mammatus.platform.json.Json;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The log as a stream: all of it, or what concerns one kind with its resources. */
final class EventRoutes {

  private final Vertx vertx;
  private final CloudView view;
  private final EventLog log;
  private final EventStream.Limits limits;

  EventRoutes(Vertx vertx, CloudView view, EventLog log, EventStream.Limits limits) {
    this.vertx = vertx;
    this.view = view;
    this.log = log;
    this.limits = limits;
  }

  void events(RoutingContext context) {
    Optional<Kind> kind =
        ListRoute.first(context, "kind")
            .map(word ->
                Kind.named(word)
                    .orElseThrow(() -> Problem.field("kind", "there is no " + word).exception()));
    start(
        context,
        (entry, now) ->
            kind.map(k -> concerns(entry, k)).orElse(true)
                ? Optional.of(event(entry, now).toString())
                : Optional.empty());
  }

  void watch(Kind kind, RoutingContext context) {
    Watch watch = new Watch(ListRoute.filter(context), new HashSet<>());
    start(
        context,
        (entry, now) ->
            entry.event().subjects().stream()
                .filter(ref -> ref.kind() == kind)
                .findFirst()
                .flatMap(ref -> watch.changed(entry, ref, now)));
  }

  /**
   * What one reader watches.
   *
   * @param out the resources of which the reader knows that they do not match. What it had from a
   *     list, or from a stream before, is not known here: each that does not match is told once,
   *     and again only after it has matched.
   */
  private record Watch(Predicate<Resource<?, ?>> filter, Set<Uid> out) {

    /** The event with the resource as it is now; without one if it is gone or does not match. */
    Optional<String> changed(LogEntry entry, Ref ref, Cloud now) {
      Optional<Resource<?, ?>> resource = now.find(ref);
      ObjectNode data = event(entry, now).put("id", ref.id().toString());
      if (resource.isEmpty()) {
        out.remove(ref.id());
      } else if (filter.test(resource.get())) {
        out.remove(ref.id());
        data.set("resource", ResourceJson.tree(resource.get()));
      } else if (out.add(ref.id())) {
        data.put("matches", false);
      } else {
        return Optional.empty();
      }
      return Optional.of(data.toString());
    }
  }

  private static boolean concerns(LogEntry entry, Kind kind) {
    return entry.event().subjects().stream().anyMatch(ref -> ref.kind() == kind);
  }

  private static ObjectNode event(LogEntry entry, Cloud now) {
    return Json.strict()
        .mapper()
        .createObjectNode()
        .put("position", entry.position())
        .put("at", entry.at().toString())
        .put("actor", entry.actor())
        .put("cause", entry.cause())
        .put("traceId", entry.traceId())
        .put("type", entry.event().getClass().getSimpleName())
        .put("text", Sentences.of(entry.event(), now))
        .set("event", WhyRoute.tree(entry.event()));
  }

  /**
   * Where a reader was.
   *
   * @param field what says so: a parameter or a header
   */
  private record Place(String field, long position) {}

  private void start(RoutingContext context, EventStream.Form form) {
    long here = view.cloud().position();
    Place place = place(context).orElse(new Place("", here));
    if (place.position() <= here) {
      stream(context, form, place);
      return;
    }
    // Another control plane may have told the reader more than this one has read: the log knows.
    log.head()
        .onSuccess(head -> {
          if (place.position() > head) {
            context.fail(Problem.beyondLog(place.field(), place.position(), head).exception());
          } else {
            stream(context, form, place);
          }
        })
        .onFailure(e ->
            context.fail(
                Problem.unavailable(
                        "whether the log reaches that far cannot be told at the moment: try again")
                    .exception()));
  }

  private void stream(RoutingContext context, EventStream.Form form, Place place) {
    if (!context.response().closed()) {
      EventStream.Reader reader =
          new EventStream.Reader(
              context.response(), place.position(), form, () -> Requests.stillKnown(context));
      new EventStream(vertx, view, log, reader, limits).start();
    }
  }

  private static Optional<Place> place(RoutingContext context) {
    String last = context.request().getHeader("Last-Event-ID");
    String given = last == null ? ListRoute.first(context, "after").orElse(null) : last;
    if (given == null) {
      return Optional.empty();
    }
    String field = last == null ? "after" : "Last-Event-ID";
    if (!given.matches("[0-9]{1,18}")) {
      throw Problem.field(field, "a position is a whole number").exception();
    }
    return Optional.of(new Place(field, Long.parseLong(given)));
  }
}
