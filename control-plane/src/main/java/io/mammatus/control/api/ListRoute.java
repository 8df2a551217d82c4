package io.mammatus.control.api;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.resource.AvailableStatus;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.NodeStatus;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Status;
import io.mammatus.platform.json.Words;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Lists by name, a page at a time: the cursor is the last name, so that no page shifts. */
final class ListRoute {

  private static final int DEFAULT_LIMIT = 100;
  private static final Comparator<Resource<?, ?>> BY_NAME = Comparator.comparing(Resource::name);

  private ListRoute() {}

  static Answer list(Cloud cloud, Kind kind, RoutingContext context) {
    int limit = limit(context);
    String after = first(context, "after").map(ListRoute::name).orElse("");
    List<Resource<?, ?>> page = page(cloud.list(kind), after, filter(context), limit + 1);
    boolean more = page.size() > limit;
    List<Resource<?, ?>> shown = more ? page.subList(0, limit) : page;
    String items =
        shown.stream().map(ResourceJson::write).collect(Collectors.joining(",", "[", "]"));
    String next = more ? ",\"next\":\"" + cursor(shown.getLast().name()) + "\"" : "";
    return Answer.json(
        200, "{\"items\":" + items + next + ",\"position\":" + cloud.position() + "}");
  }

  /** The first {@code count} by name: a heap of that size, not a sorted copy of all. */
  private static List<Resource<?, ?>> page(
      List<Resource<?, ?>> all, String after, Predicate<Resource<?, ?>> wanted, int count) {
    PriorityQueue<Resource<?, ?>> first = new PriorityQueue<>(BY_NAME.reversed());
    for (Resource<?, ?> resource : all) {
      if (resource.name().compareTo(after) > 0 && wanted.test(resource)) {
        first.add(resource);
        if (first.size() > count) {
          first.remove();
        }
      }
    }
    List<Resource<?, ?>> sorted = new ArrayList<>(first);
    sorted.sort(BY_NAME);
    return sorted;
  }

  /**
   * The resources that a query's label and phase ask for.
   *
   * @throws ProblemException if a label is not KEY=VALUE
   */
  static Predicate<Resource<?, ?>> filter(RoutingContext context) {
    Map<String, String> labels = new HashMap<>();
    for (String given : context.queryParam("label")) {
      for (String label : given.split(",", -1)) {
        int equals = label.indexOf('=');
        if (equals < 1) {
          throw Problem.field("label", "write it as KEY=VALUE").exception();
        }
        labels.put(label.substring(0, equals), label.substring(equals + 1));
      }
    }
    Optional<String> phase = first(context, "phase");
    return resource ->
        resource.metadata().labels().entrySet().containsAll(labels.entrySet())
            && phase.map(phase(resource.status())::equals).orElse(true);
  }

  static Optional<String> first(RoutingContext context, String parameter) {
    return context.queryParam(parameter).stream().findFirst();
  }

  private static String phase(Status status) {
    return switch (status) {
      case MachineStatus machine -> Words.hyphenated(machine.phase().name());
      case NodeStatus node -> Words.hyphenated(node.phase().name());
      case InstanceStatus instance -> Words.hyphenated(instance.phase().name());
      case AvailableStatus available -> available.phase();
    };
  }

  private static String cursor(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String name(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw badCursor();
    }
  }

  /** How many a page has; the contract keeps it within bounds. */
  static int limit(RoutingContext context) {
    return first(context, "limit").map(Integer::parseInt).orElse(DEFAULT_LIMIT);
  }

  /** What came back as a cursor is none that was given. */
  static ProblemException badCursor() {
    return Problem.field("after", "give the next of the page before").exception();
  }
}
