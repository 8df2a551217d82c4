package io.mammatus.control.api;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.impl.ValidatableRequestImpl;
import java.util.Set;
import java.util.stream.Collectors;

/** Requests as the contract's validator takes them. */
final class ContractRequests {

  private static final RequestExtractor WHOLE = RequestExtractor.withBodyHandler();

  private ContractRequests() {}

  /** A merge patch is JSON to the validator; see {@link RouterContract}. */
  static Future<ValidatableRequest> extract(RoutingContext context, Operation operation) {
    return WHOLE
        .extractValidatableRequest(context, operation)
        .map(request ->
            request.getContentType() == null
                ? request
                : new ValidatableRequestImpl(
                    request.getCookies(),
                    request.getHeaders(),
                    request.getPathParameters(),
                    request.getQuery(),
                    request.getBody(),
                    "application/json"));
  }

  /** A misspelt parameter would otherwise be passed over, and more be listed than was asked for. */
  static void requireKnownQuery(RoutingContext context, Operation operation) {
    Set<String> known =
        operation.getParameters().stream()
            .filter(parameter -> parameter.getIn() == Location.QUERY)
            .map(parameter -> parameter.getName())
            .collect(Collectors.toSet());
    for (String given : context.queryParams().names()) {
      if (!known.contains(given)) {
        context.fail(
            Problem.field(given, "there is no such parameter; known here: " + known).exception());
        return;
      }
    }
    context.next();
  }
}
