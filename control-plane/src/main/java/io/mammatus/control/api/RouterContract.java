package io.mammatus.control.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The contract as the OpenAPI router can take it. The router knows few media types, and refuses a contract with another
 * one even where it would not look at it: bodies of a merge patch are called plain JSON, and what is answered is left
 * out. What is asked is validated by the very same schemas.
 */
final class RouterContract {

  private RouterContract() {}

  static JsonObject of(String contract) {
    JsonObject document = new JsonObject(contract);
    JsonObject paths = document.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      for (Object part : paths.getJsonObject(path).getMap().values()) {
        if (part instanceof JsonObject operation) {
          reduce(operation);
        } else if (part instanceof java.util.Map<?, ?>) {
          throw new IllegalStateException("a contract is read as JsonObject throughout");
        }
      }
    }
    return document;
  }

  private static void reduce(JsonObject operation) {
    JsonObject responses = operation.getJsonObject("responses");
    responses.fieldNames().forEach(code -> responses.getJsonObject(code).remove("content"));
    JsonObject body = operation.getJsonObject("requestBody", new JsonObject());
    JsonObject content = body.getJsonObject("content", new JsonObject());
    Object patch = content.remove("application/merge-patch+json");
    if (patch != null) {
      content.put("application/json", patch);
    }
  }

  /** The names of an operation's parameters in the query. */
  static java.util.Set<String> queryParameters(JsonArray parameters) {
    return parameters.stream()
        .map(JsonObject.class::cast)
        .filter(parameter -> parameter.getString("in").equals("query"))
        .map(parameter -> parameter.getString("name"))
        .collect(java.util.stream.Collectors.toSet());
  }
}
