package io.mammatus.control.api;

import io.mammatus.control.api.contract.ContractRules;
import io.mammatus.control.api.contract.ContractRules.Broken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.impl.ValidatableRequestImpl;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Requests as the contract has them, and as its validator takes them. */
final class ContractRequests {

  private static final RequestExtractor WHOLE = RequestExtractor.withBodyHandler();

  private final ContractRules rules;

  ContractRequests(ContractRules rules) {
    this.rules = rules;
  }

  /**
   * A merge patch is JSON to the validator; see {@link RouterContract}. Fails with the problem if
   * the request breaks a rule: the validator would only say that it does.
   */
  Future<ValidatableRequest> extract(RoutingContext context, Operation operation) {
    try {
      check(context, operation.getOperationId());
    } catch (ProblemException e) {
      return Future.failedFuture(e);
    }
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

  private void check(RoutingContext context, String operation) {
    refuse(
        rules.parameters(
            operation, name -> Requests.path(context, name), name -> context.queryParam(name)));
    if (rules.hasBody(operation)) {
      refuse(rules.body(operation, ResourceJson.parse(Requests.body(context))));
    }
  }

  /**
   * Nothing, if no rule is broken.
   *
   * @throws ProblemException that names all of them
   */
  static void refuse(List<Broken> broken) {
    if (!broken.isEmpty()) {
      throw Problem.fields(
              broken.stream().map(b -> new Problem.FieldError(b.field(), b.message())).toList())
          .exception();
    }
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
