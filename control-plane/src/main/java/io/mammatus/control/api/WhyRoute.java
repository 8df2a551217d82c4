package io.mammatus.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.control.api.StoryPlace.Source;
import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.log.Event;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import io.mammatus.platform.json.Json;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.trace.TraceRecord;
import io.mammatus.store.trace.Traces;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Why a resource is as it is: its part of the log and of the trace, as one story in the order of
 * time, a page at a time.
 */
final class WhyRoute {

  private static final Uid NOBODY = new Uid(new UUID(0, 0));

  private final CloudView view;
  private final EventLog log;
  private final Traces traces;

  WhyRoute(CloudView view, EventLog log, Traces traces) {
    this.view = view;
    this.log = log;
    this.traces = traces;
  }

  private record Item(StoryPlace place, ObjectNode json) {}

  Future<Answer> why(Kind kind, RoutingContext context) {
    String name = Requests.name(context);
    Cloud cloud = view.cloud();
    Optional<Resource<?, ?>> found = ResourceRoutes.find(cloud, kind, name);
    Optional<Uid> asked = ListRoute.first(context, "id").map(Uid::parse);
    if (asked.isEmpty() && found.isEmpty()) {
      return Requests.refused(
          Problem.notFound(
              "there is no %s %s; of one that is gone, ask by its id (?id=)"
                  .formatted(kind.singular(), name)));
    }
    Uid id = asked.orElseGet(() -> found.orElseThrow().id());
    List<Mac> macs = found.filter(r -> r.id().equals(id)).map(WhyRoute::macs).orElse(List.of());
    int limit = ListRoute.limit(context);
    StoryPlace from =
        ListRoute.first(context, "after").map(WhyRoute::place).orElse(StoryPlace.START);
    // Each tells as much as the whole page may hold, and one more, which says that there is a next.
    Future<List<LogEntry>> events = log.bySubject(id, from.at(), from.after(Source.LOG), limit + 1);
    Future<List<Traces.Stored>> traced =
        traces.about(id, macs, from.at(), from.after(Source.TRACE), limit + 1);
    return Future.all(events, traced)
        .map(both -> Answer.json(200, page(events.result(), traced.result(), limit, cloud)));
  }

  /** What one network card asked, and what it was answered; it may be nobody's that is known. */
  Future<Answer> card(RoutingContext context) {
    Mac mac = card(Requests.path(context, "mac"));
    int limit = ListRoute.limit(context);
    StoryPlace from =
        ListRoute.first(context, "after").map(WhyRoute::place).orElse(StoryPlace.START);
    return traces
        .about(NOBODY, List.of(mac), from.at(), from.after(Source.TRACE), limit + 1)
        .map(traced -> Answer.json(200, page(List.of(), traced, limit, view.cloud())));
  }

  private static Mac card(String text) {
    try {
      return Mac.parse(text);
    } catch (IllegalArgumentException e) {
      throw Problem.field("mac", "write it as 52:54:00:12:34:56").exception();
    }
  }

  private static StoryPlace place(String cursor) {
    try {
      return StoryPlace.parse(cursor);
    } catch (IllegalArgumentException e) {
      throw ListRoute.badCursor();
    }
  }

  private static List<Mac> macs(Resource<?, ?> resource) {
    return switch (resource.status()) {
      case MachineStatus machine -> machine.macs();
      case InstanceStatus instance ->
          Optional.ofNullable(instance.mac()).map(List::of).orElse(List.of());
      default -> List.of();
    };
  }

  private static String page(
      List<LogEntry> events, List<Traces.Stored> traced, int limit, Cloud cloud) {
    List<Item> items = new ArrayList<>();
    for (LogEntry entry : events) {
      items.add(
          new Item(new StoryPlace(entry.at(), Source.LOG, entry.position()), event(entry, cloud)));
    }
    for (Traces.Stored seen : traced) {
      items.add(
          new Item(
              new StoryPlace(seen.trace().at(), Source.TRACE, seen.id()), trace(seen.trace())));
    }
    items.sort(Comparator.comparing(Item::place));
    List<Item> shown = items.subList(0, Math.min(limit, items.size()));
    ObjectNode page = Json.strict().mapper().createObjectNode();
    ArrayNode list = page.putArray("items");
    shown.forEach(item -> list.add(item.json()));
    if (items.size() > limit) {
      page.put("next", shown.getLast().place().cursor());
    }
    return page.toString();
  }

  private static ObjectNode event(LogEntry entry, Cloud cloud) {
    return Json.strict()
        .mapper()
        .createObjectNode()
        .put("at", entry.at().toString())
        .put("kind", "event")
        .put("position", entry.position())
        .put("actor", entry.actor())
        .put("cause", entry.cause())
        .put("what", entry.event().getClass().getSimpleName())
        .put("text", Sentences.of(entry.event(), cloud))
        .set("detail", tree(entry.event()));
  }

  static JsonNode tree(Event event) {
    return Json.strict().read(Json.strict().write(event, Event.class), JsonNode.class);
  }

  private static ObjectNode trace(TraceRecord trace) {
    ObjectNode item =
        Json.strict()
            .mapper()
            .createObjectNode()
            .put("at", trace.at().toString())
            .put("kind", "trace")
            .put("actor", trace.source())
            .put("cause", trace.mac().map(Mac::toString).orElse(""))
            .put("what", trace.what())
            .put("text", TraceSentences.of(trace));
    ObjectNode detail = item.putObject("detail");
    trace.address().ifPresent(address -> detail.put("address", address.toString()));
    trace.mac().ifPresent(mac -> detail.put("mac", mac.toString()));
    trace.detail().forEach(detail::put);
    return item;
  }
}
