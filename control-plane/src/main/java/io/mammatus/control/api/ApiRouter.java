package io.mammatus.control.api;

import io.mammatus.control.api.contract.Contract;
import io.mammatus.control.api.contract.ContractRules;
import io.mammatus.core.resource.Kind;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Routes as the contract has them. Before an operation's handler: who asks, what kind of body it is
 * and how long, and whether the request is as the contract says.
 */
final class ApiRouter {

  private static final int MAX_BODY = 1024 * 1024;
  private static final Set<String> OPEN = Set.of("/v1/health", "/v1/openapi.json");
  private static final Set<String> BODIED = Set.of("PUT", "PATCH", "POST");
  private static final String BLOBS = "/v1/blobs/";

  private final Vertx vertx;
  private final TokenCheck tokens;
  private final Map<String, Handler<RoutingContext>> handlers = new HashMap<>();

  ApiRouter(Vertx vertx, TokenCheck tokens) {
    this.vertx = vertx;
    this.tokens = tokens;
  }

  /** What an operation does. */
  interface Action {
    Future<Answer> run(RoutingContext context);
  }

  /** What an operation of every kind does. */
  interface KindAction {
    Future<Answer> run(Kind kind, RoutingContext context);
  }

  ApiRouter on(String operation, Action action) {
    return stream(
        operation,
        context ->
            action
                .run(context)
                .onSuccess(answer -> answer.send(context.response()))
                .onFailure(context::fail));
  }

  ApiRouter stream(String operation, Handler<RoutingContext> handler) {
    handlers.put(operation, handler);
    return this;
  }

  ApiRouter onEach(String verb, KindAction action) {
    for (Kind kind : Kind.values()) {
      on(Contract.operation(verb, kind), context -> action.run(kind, context));
    }
    return this;
  }

  /** Fails if an operation of the contract has no handler. */
  Future<Router> build(String contract, ContractRules rules) {
    ContractRequests requests = new ContractRequests(rules);
    return OpenAPIContract.from(vertx, RouterContract.of(contract))
        .map(read -> router(read, requests));
  }

  private Router router(OpenAPIContract contract, ContractRequests requests) {
    RouterBuilder builder =
        RouterBuilder.create(vertx, contract, requests::extract)
            .rootHandler(this::authenticate)
            .rootHandler(Requests::requireReadable)
            .rootHandler(ApiRouter::requireMediaType)
            .rootHandler(body());
    for (OpenAPIRoute route : builder.getRoutes()) {
      Operation operation = route.getOperation();
      Handler<RoutingContext> handler = handlers.get(operation.getOperationId());
      if (handler == null) {
        throw new IllegalStateException("nothing serves " + operation.getOperationId());
      }
      route.setDoSecurity(false); // done by authenticate, before the body is read
      route.setDoValidation(!operation.getOperationId().equals("putBlob")); // never in memory
      route.addHandler(context -> ContractRequests.requireKnownQuery(context, operation));
      route.addHandler(handler);
    }
    Router router = builder.createRouter();
    router.route().failureHandler(Failures::answer);
    for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
      router.errorHandler(status, Failures::answer);
    }
    return router;
  }

  private static Handler<RoutingContext> body() {
    BodyHandler whole = BodyHandler.create(false).setBodyLimit(MAX_BODY);
    return context -> {
      if (Requests.path(context).startsWith(BLOBS)) {
        context.next();
      } else {
        whole.handle(context);
      }
    };
  }

  private void authenticate(RoutingContext context) {
    if (OPEN.contains(Requests.path(context))) {
      context.next();
      return;
    }
    String header = context.request().getHeader("Authorization");
    if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      context.fail(unauthorized("send the header Authorization: Bearer TOKEN").exception());
      return;
    }
    context.request().pause();
    String token = header.substring(7).strip();
    tokens
        .check(token)
        .onSuccess(name -> {
          context.request().resume();
          if (name.isEmpty()) {
            context.fail(
                unauthorized("this token is not valid: log in again (mammatus login)").exception());
            return;
          }
          Requests.authenticated(context, name.get(), () -> tokens.check(token));
          context.next();
        })
        .onFailure(e -> {
          context.request().resume();
          context.fail(
              Problem.unavailable("the token cannot be checked at the moment: try again")
                  .exception());
        });
  }

  private static Problem unauthorized(String detail) {
    return Problem.of(401, "unauthorized", "Who asks is not known", detail);
  }

  private static void requireMediaType(RoutingContext context) {
    String method = context.request().method().name();
    boolean blob = Requests.path(context).startsWith(BLOBS);
    String wanted =
        method.equals("PATCH")
            ? "application/merge-patch+json"
            : blob ? "application/octet-stream" : "application/json";
    boolean bodied = BODIED.contains(method);
    String given = context.request().getHeader("Content-Type");
    String type = given == null ? "" : given.split(";", 2)[0].strip();
    boolean plainPatch = method.equals("PATCH") && type.equalsIgnoreCase("application/json");
    if (bodied && !type.equalsIgnoreCase(wanted) && !plainPatch) {
      context.fail(
          Problem.of(
                  415,
                  "media-type",
                  "The body is of the wrong kind",
                  "send it with Content-Type: " + wanted)
              .exception());
      return;
    }
    context.next();
  }
}
