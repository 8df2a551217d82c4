package io.mammatus.control.api;

import io.mammatus.core.resource.Resource;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param body JSON; empty for none
 */
record Answer(int status, String body, Map<String, String> headers) {

  static Answer json(int status, String body) {
    return new Answer(status, body, Map.of("Content-Type", "application/json"));
  }

  static Answer empty(int status) {
    return new Answer(status, "", Map.of());
  }

  static Answer resource(int status, Resource<?, ?> resource) {
    return new Answer(
        status,
        ResourceJson.write(resource),
        Map.of("Content-Type", "application/json", "ETag", Preconditions.etag(resource)));
  }

  void send(HttpServerResponse response) {
    if (response.ended() || response.closed()) {
      return; // the client did not wait
    }
    response.setStatusCode(status);
    headers.forEach(response::putHeader);
    (body.isEmpty() ? response.end() : response.end(body))
        .onFailure(e -> Log.debug("an answer was not taken", e));
  }
}
