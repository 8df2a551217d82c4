package io.mammatus.agent.lxd;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * LXD's REST API (version 1.0, "Main API" and "Image handling" in LXD's documentation) over its
 * unix socket. What LXD does in the background is waited for here.
 */
final class LxdClient {

  private static final int WAIT_SECONDS = 300;

  private final Vertx vertx;
  private final HttpClient http;
  private final SocketAddress socket;

  LxdClient(Vertx vertx, Path socket) {
    this.vertx = vertx;
    this.socket = SocketAddress.domainSocketAddress(socket.toString());
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(5_000).setIdleTimeout(WAIT_SECONDS + 30));
  }

  Future<JsonObject> get(String path) {
    return send(HttpMethod.GET, path, null);
  }

  Future<JsonObject> send(HttpMethod method, String path, @Nullable JsonObject body) {
    return onEventLoop(() ->
        request(method, path)
            .compose(request ->
                body == null
                    ? request.send()
                    : request.putHeader("Content-Type", "application/json").send(body.toBuffer()))
            .compose(this::read)
            .compose(this::finish));
  }

  /**
   * Asks and listens on one event loop. A caller on another thread would now and then set the
   * handler of the answer's bytes when they have come and gone, and find an answer without any.
   */
  private Future<JsonObject> onEventLoop(Supplier<Future<JsonObject>> work) {
    Promise<JsonObject> done = Promise.promise();
    vertx.runOnContext(v -> work.get().onComplete(done));
    return done.future();
  }

  /**
   * Uploads a split image: metadata tarball and squashfs root.
   *
   * @param fingerprint of the two, one after the other; LXD refuses anything else
   */
  Future<JsonObject> importImage(Path metadata, Path rootfs, String fingerprint) {
    return onEventLoop(() -> upload(metadata, rootfs, fingerprint));
  }

  private Future<JsonObject> upload(Path metadata, Path rootfs, String fingerprint) {
    String boundary = "mammatus-" + UUID.randomUUID();
    Buffer first = part(boundary, "metadata", "metadata.tar.gz", "");
    Buffer second = part(boundary, "rootfs", "rootfs.squashfs", "\r\n");
    Buffer last = Buffer.buffer("\r\n--" + boundary + "--\r\n");
    Future<AsyncFile> metadataFile = open(metadata);
    Future<AsyncFile> rootfsFile = open(rootfs);
    return Future.all(metadataFile, rootfsFile)
        .compose(v -> Future.all(metadataFile.result().size(), rootfsFile.result().size()))
        .compose(sizes -> {
          long files = sizes.<Long>resultAt(0) + sizes.<Long>resultAt(1);
          long length = files + first.length() + second.length() + last.length();
          return request(HttpMethod.POST, "/1.0/images")
              .map(request ->
                  request
                      .putHeader("Content-Type", "multipart/form-data; boundary=" + boundary)
                      .putHeader("Content-Length", Long.toString(length))
                      .putHeader("X-LXD-fingerprint", fingerprint));
        })
        .compose(request ->
            request
                .write(first)
                .compose(v -> metadataFile.result().pipe().endOnComplete(false).to(request))
                .compose(v -> request.write(second))
                .compose(v -> rootfsFile.result().pipe().endOnComplete(false).to(request))
                .compose(v -> request.end(last))
                .compose(v -> request.response()))
        .compose(this::read)
        .compose(this::finish)
        .eventually(() -> Future.join(close(metadataFile), close(rootfsFile)));
  }

  private Future<AsyncFile> open(Path file) {
    return vertx.fileSystem().open(file.toString(), new OpenOptions().setWrite(false));
  }

  private static Future<Void> close(Future<AsyncFile> file) {
    return file.succeeded() ? file.result().close() : Future.succeededFuture();
  }

  private static Buffer part(String boundary, String name, String file, String before) {
    return Buffer.buffer(
        ("%s--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n")
            .formatted(before, boundary, name, file)
            .getBytes(StandardCharsets.US_ASCII));
  }

  private Future<HttpClientRequest> request(HttpMethod method, String path) {
    return http.request(
        new RequestOptions().setMethod(method).setURI(path).setHost("lxd").setServer(socket));
  }

  private Future<JsonObject> read(HttpClientResponse response) {
    return response
        .body()
        .map(body -> {
          JsonObject json = body.toJsonObject();
          if ("error".equals(json.getString("type"))) {
            throw new LxdException(
                json.getInteger("error_code", response.statusCode()),
                json.getString("error", "LXD answered " + response.statusCode()));
          }
          return json;
        });
  }

  /** What began in the background is waited for; the answer is the operation's end. */
  private Future<JsonObject> finish(JsonObject json) {
    if (!"async".equals(json.getString("type"))) {
      return Future.succeededFuture(json);
    }
    return request(HttpMethod.GET, json.getString("operation") + "/wait?timeout=" + WAIT_SECONDS)
        .compose(HttpClientRequest::send)
        .compose(this::read)
        .map(done -> {
          JsonObject operation = done.getJsonObject("metadata");
          int status = operation.getInteger("status_code", 0);
          if (status != 200) {
            String error = operation.getString("err", "");
            throw new LxdException(
                status, error.isEmpty() ? "not done after " + WAIT_SECONDS + " s" : error);
          }
          return done;
        });
  }
}
