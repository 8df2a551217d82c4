package io.mammatus.control.api;

import io.vertx.core.json.JsonObject;

/**
 * The contract as the OpenAPI router can take it. The router knows few media types, and refuses a
 * contract with another one even where it would not look at it: bodies of a merge patch are called
 * plain JSON, and what is answered is left out. What is asked is validated by the very same
 * schemas.
 */
final class RouterContract {

  private RouterContract() {}

  static JsonObject of(String contract) {
    JsonObject document = new JsonObject(contract);
    JsonObject paths = document.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject operations = paths.getJsonObject(path);
      for (String method : operations.fieldNames()) {
        if (operations.getValue(method) instanceof JsonObject operation) {
          reduce(operation);
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
}
