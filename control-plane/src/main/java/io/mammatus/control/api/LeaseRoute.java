package io.mammatus.control.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.DhcpSpec.Reservation;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.Resource;
import io.mammatus.platform.json.Json;
import io.mammatus.platform.json.Words;
import io.mammatus.store.lease.Lease;
import io.mammatus.store.lease.Leases;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who has which address of a network, in the order of addresses, a page at a time: what is fixed,
 * for machines, instances and by reservations, and what was given from pools.
 */
final class LeaseRoute {

  private final CloudView view;
  private final Leases leases;
  private final InstantSource clock;

  LeaseRoute(CloudView view, Leases leases, InstantSource clock) {
    this.view = view;
    this.leases = leases;
    this.clock = clock;
  }

  Future<Answer> list(RoutingContext context) {
    String name = Requests.name(context);
    Cloud cloud = view.cloud();
    Optional<Resource<?, ?>> network = ResourceRoutes.find(cloud, Kind.NETWORK, name);
    if (network.isEmpty() || !(network.get().spec() instanceof NetworkSpec spec)) {
      return Requests.refused(Problem.notFound("there is no network " + name));
    }
    int limit = ListRoute.limit(context);
    Ipv4 after = ListRoute.first(context, "after").map(LeaseRoute::place).orElse(Ipv4.ANY);
    NavigableMap<Ipv4, ObjectNode> found = fixed(cloud, spec);
    return leases
        .page(new NetworkId(network.get().id()), after, limit + 1)
        .map(given -> {
          given.forEach(lease -> found.putIfAbsent(lease.address(), pooled(lease)));
          return Answer.json(200, page(found.tailMap(after, false), limit));
        });
  }

  private static Ipv4 place(String cursor) {
    try {
      return Ipv4.parse(cursor);
    } catch (IllegalArgumentException e) {
      throw ListRoute.badCursor();
    }
  }

  private static NavigableMap<Ipv4, ObjectNode> fixed(Cloud cloud, NetworkSpec network) {
    NavigableMap<Ipv4, ObjectNode> found = new TreeMap<>();
    for (Reservation reservation : network.served().reservations()) {
      String hostName = reservation.hostName();
      ObjectNode item = item(reservation.address(), "reserved");
      item.put("mac", reservation.mac().toString());
      found.put(reservation.address(), item.put("hostName", hostName == null ? "" : hostName));
    }
    for (Kind kind : List.of(Kind.MACHINE, Kind.INSTANCE)) {
      for (Resource<?, ?> resource : cloud.list(kind)) {
        Object address =
            switch (resource.status()) {
              case MachineStatus machine -> machine.address();
              case InstanceStatus instance -> instance.address();
              default -> null;
            };
        if (address instanceof Ipv4 ipv4 && network.cidr().contains(ipv4)) {
          found.put(
              ipv4,
              item(ipv4, kind.singular())
                  .put("mac", mac(resource))
                  .put("hostName", resource.name()));
        }
      }
    }
    return found;
  }

  private static String mac(Resource<?, ?> resource) {
    return switch (resource.status()) {
      case MachineStatus machine ->
          machine.macs().stream().findFirst().map(Object::toString).orElse("");
      case InstanceStatus instance -> instance.mac() == null ? "" : instance.mac().toString();
      default -> "";
    };
  }

  private ObjectNode pooled(Lease lease) {
    Instant now = clock.instant();
    boolean over = lease.state() == Lease.State.BOUND && !lease.until().isAfter(now);
    ObjectNode item =
        item(lease.address(), over ? "expired" : Words.hyphenated(lease.state().name()));
    return item.put("mac", lease.client().mac().toString())
        .put("hostName", lease.client().hostName())
        .put("clientId", lease.client().clientId())
        .put("port", lease.client().port())
        .put("since", lease.since().toString())
        .put("until", lease.until().toString());
  }

  private static ObjectNode item(Ipv4 address, String state) {
    return Json.strict()
        .mapper()
        .createObjectNode()
        .put("address", address.toString())
        .put("state", state);
  }

  private static String page(NavigableMap<Ipv4, ObjectNode> found, int limit) {
    ObjectNode page = Json.strict().mapper().createObjectNode();
    ArrayNode items = page.putArray("items");
    for (Map.Entry<Ipv4, ObjectNode> entry : found.entrySet()) {
      if (items.size() == limit) {
        page.put("next", items.get(limit - 1).path("address").asText());
        break;
      }
      items.add(entry.getValue());
    }
    return page.toString();
  }
}
