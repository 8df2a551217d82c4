package io.mammatus.pxe.httpboot;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** What is wrong with a request, as RFC 9457 has it. */
final class Problem {

  private Problem() {}

  static void send(HttpServerRequest request, int status, String title, String detail) {
    String body =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", title)
            .put("status", status)
            .put("detail", detail)
            .encode();
    HttpServerResponse response = request.response();
    response.headers().remove("ETag").remove("Last-Modified");
    response
        .setStatusCode(status)
        .putHeader("Cache-Control", "no-store")
        .putHeader("Content-Type", "application/problem+json");
    Future<Void> sent =
        request.method().equals(HttpMethod.HEAD)
            ? response.putHeader("Content-Length", String.valueOf(body.length())).end()
            : response.end(body);
    sent.onFailure(_ -> {}); // the client is gone: there is nobody to tell
  }
}
