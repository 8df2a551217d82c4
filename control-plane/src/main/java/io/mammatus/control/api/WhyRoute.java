package io.mammatus.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why a resource is as it is: its part of the log and of the trace, as one story in the order of
 * time.
 */
final class WhyRoute {

  private static final int MAX_EVENTS = 1000;
  private static final int MAX_TRACES = 500;

  private final CloudView view;
  private final EventLog log;
  private final Traces traces;

  WhyRoute(CloudView view, EventLog log, Traces traces) {
    this.view = view;
    this.log = log;
    this.traces = traces;
  }

  private record Item(Instant at, ObjectNode json) {}

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
    Future<List<LogEntry>> events = log.bySubject(List.of(id), 0, MAX_EVENTS);
    Future<List<TraceRecord>> traced = traces(id, macs);
    return Future.all(events, traced)
        .map(both -> Answer.json(200, story(events.result(), traced.result(), cloud)));
  }

  private static List<Mac> macs(Resource<?, ?> resource) {
    return switch (resource.status()) {
      case MachineStatus machine -> machine.macs();
      case InstanceStatus instance ->
          Optional.ofNullable(instance.mac()).map(List::of).orElse(List.of());
      default -> List.of();
    };
  }

  private Future<List<TraceRecord>> traces(Uid id, List<Mac> macs) {
    List<Future<List<Traces.Stored>>> asked = new ArrayList<>();
    asked.add(traces.find(Optional.of(id), Optional.empty(), Long.MAX_VALUE, MAX_TRACES));
    for (Mac mac : macs) {
      asked.add(traces.find(Optional.empty(), Optional.of(mac), Long.MAX_VALUE, MAX_TRACES));
    }
    return Future.all(asked)
        .map(all -> {
          Map<Long, TraceRecord> once = new LinkedHashMap<>();
          asked.forEach(part -> part.result().forEach(s -> once.put(s.id(), s.trace())));
          return List.copyOf(once.values());
        });
  }

  private static String story(List<LogEntry> events, List<TraceRecord> traces, Cloud cloud) {
    List<Item> items = new ArrayList<>();
    events.forEach(entry -> items.add(new Item(entry.at(), event(entry, cloud))));
    traces.forEach(trace -> items.add(new Item(trace.at(), trace(trace))));
    items.sort(Comparator.comparing(Item::at)); // stable: the log's own order stays
    ObjectNode story = Json.strict().mapper().createObjectNode();
    ArrayNode list = story.putArray("items");
    items.forEach(item -> list.add(item.json()));
    return story.toString();
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
