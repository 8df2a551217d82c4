package io.mammatus.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.control.api.contract.ContractRules;
import io.mammatus.control.write.CloudWriter;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.cloud.Failure;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;

/** Get, put, patch and delete: the same for every kind. */
final class ResourceRoutes {

  private static final String WORKSPACE = Metadata.DEFAULT_WORKSPACE;
  private static final int PATCH_TRIES = 5;

  private final CloudView view;
  private final CloudWriter writer;
  private final ContractRules rules;
  private final ImageFiles files;

  ResourceRoutes(CloudView view, CloudWriter writer, ContractRules rules, ImageFiles files) {
    this.view = view;
    this.writer = writer;
    this.rules = rules;
    this.files = files;
  }

  Future<Answer> get(Kind kind, RoutingContext context) {
    return find(view.cloud(), kind, Requests.name(context))
        .map(resource -> Answer.resource(200, resource))
        .map(Future::succeededFuture)
        .orElseGet(() -> absent(kind, Requests.name(context)));
  }

  Future<Answer> put(Kind kind, RoutingContext context) {
    ResourceJson.Wanted wanted = ResourceJson.wanted(kind, Requests.body(context));
    Long version = Preconditions.version(context.request()).orElse(null);
    String name = Requests.name(context);
    Uid id = new Uid(UUID.randomUUID());
    Command.Apply apply =
        new Command.Apply(kind, id, WORKSPACE, name, wanted.labels(), wanted.spec(), version);
    return files
        .require(wanted.spec(), find(view.cloud(), kind, name))
        .compose(there -> Requests.outcome(context, writer, apply))
        .compose(outcome -> applied(kind, name, id, outcome));
  }

  private static Future<Answer> applied(Kind kind, String name, Uid id, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Failed failed -> Requests.refused(failed.failure());
      case Outcome.Done done ->
          find(done.cloud(), kind, name)
              .map(r -> Answer.resource(r.id().equals(id) ? 201 : 200, r))
              .map(Future::succeededFuture)
              .orElseGet(() -> absent(kind, name));
    };
  }

  Future<Answer> patch(Kind kind, RoutingContext context) {
    return patch(kind, context, Preconditions.version(context.request()), PATCH_TRIES);
  }

  private Future<Answer> patch(
      Kind kind, RoutingContext context, Optional<Long> demanded, int tries) {
    String name = Requests.name(context);
    Optional<Resource<?, ?>> found = find(view.cloud(), kind, name);
    if (found.isEmpty()) {
      return absent(kind, name);
    }
    Resource<?, ?> old = found.get();
    JsonNode merged =
        MergePatch.apply(ResourceJson.changeable(old), ResourceJson.parse(Requests.body(context)));
    // The contract cannot say it of the patch, which is any object: what comes of it must be right.
    ContractRequests.refuse(rules.wanted(kind, merged));
    ResourceJson.Wanted wanted = ResourceJson.wanted(kind, merged.toString());
    long version = demanded.orElse(old.metadata().version());
    Command.Apply apply =
        new Command.Apply(kind, old.id(), WORKSPACE, name, wanted.labels(), wanted.spec(), version);
    return files
        .require(wanted.spec(), found)
        .compose(there -> Requests.outcome(context, writer, apply))
        .compose(outcome -> {
          boolean moved =
              outcome instanceof Outcome.Failed failed
                  && failed.failure().code() == Failure.Code.VERSION_MOVED;
          // What changed meanwhile may be its status alone: merge into what is there now.
          return moved && demanded.isEmpty() && tries > 1
              ? patch(kind, context, demanded, tries - 1)
              : applied(kind, name, new Uid(new UUID(0, 0)), outcome);
        });
  }

  Future<Answer> delete(Kind kind, RoutingContext context) {
    String name = Requests.name(context);
    Long version = Preconditions.version(context.request()).orElse(null);
    return Requests.outcome(context, writer, new Command.Delete(kind, WORKSPACE, name, version))
        .compose(outcome ->
            switch (outcome) {
              case Outcome.Failed failed -> Requests.refused(failed.failure());
              case Outcome.Done done ->
                  Future.succeededFuture(
                      find(done.cloud(), kind, name)
                          .map(resource -> Answer.resource(202, resource))
                          .orElseGet(() -> Answer.empty(204)));
            });
  }

  static Optional<Resource<?, ?>> find(Cloud cloud, Kind kind, String name) {
    return cloud.find(kind, WORKSPACE, name);
  }

  static <T> Future<T> absent(Kind kind, String name) {
    return Requests.refused(Problem.notFound("there is no " + kind.singular() + " " + name));
  }
}
