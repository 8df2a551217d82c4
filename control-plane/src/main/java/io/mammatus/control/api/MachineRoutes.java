package io.mammatus.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.control.write.CloudWriter;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Uid;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** Who comes in and who goes out. */
final class MachineRoutes {

  private final CloudWriter writer;
  private final boolean acceptByName;

  MachineRoutes(CloudWriter writer, boolean acceptByName) {
    this.writer = writer;
    this.acceptByName = acceptByName;
  }

  Future<Answer> accept(RoutingContext context) {
    String name = Requests.name(context);
    JsonNode fingerprint = body(context).path("fingerprint");
    return change(
        context,
        Kind.MACHINE,
        new Command.AcceptMachine(
            name,
            fingerprint.isTextual() ? fingerprint.textValue() : null,
            acceptByName,
            new NodeId(new Uid(UUID.randomUUID()))));
  }

  Future<Answer> reject(RoutingContext context) {
    return change(
        context,
        Kind.MACHINE,
        new Command.RejectKey(Requests.name(context), body(context).path("fingerprint").asText()));
  }

  Future<Answer> revoke(RoutingContext context) {
    return change(
        context,
        Kind.NODE,
        new Command.RevokeNode(Requests.name(context), body(context).path("reason").asText()));
  }

  private Future<Answer> change(RoutingContext context, Kind kind, Command command) {
    String name = Requests.name(context);
    return Requests.change(context, writer, command)
        .compose(cloud ->
            ResourceRoutes.find(cloud, kind, name)
                .map(resource -> Answer.resource(200, resource))
                .map(Future::succeededFuture)
                .orElseGet(() -> ResourceRoutes.absent(kind, name)));
  }

  private static JsonNode body(RoutingContext context) {
    return ResourceJson.parse(Requests.body(context));
  }
}
