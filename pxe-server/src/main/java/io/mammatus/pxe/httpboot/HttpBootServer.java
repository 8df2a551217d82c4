package io.mammatus.pxe.httpboot;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.boot.BootScript;
import io.mammatus.pxe.trace.BootProgress;
import io.mammatus.pxe.trace.BootProgress.Stage;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PacketVerdict.Outcome;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.Host;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The boot server, plain HTTP because ROMs speak nothing else; nothing that it serves is a secret.
 *
 * <ul>
 *   <li>{@code /v1/boot/MAC}: the machine's boot script
 *   <li>{@code /images/node/VERSION/FILE}: an image's file, the same for ever
 *   <li>{@code /blobs/sha256/DIGEST}: a file known by its content, for nodes
 *   <li>{@code /v1/loaders/FILE}: a boot loader, for UEFI's HTTP boot
 * </ul>
 */
public final class HttpBootServer {

  private static final Pattern SCRIPT = Pattern.compile("/v1/boot/([0-9a-fA-F:-]{17})");
  private static final Pattern IMAGE =
      Pattern.compile("/images/node/([A-Za-z0-9._-]{1,64})/([A-Za-z0-9._-]{1,64})");
  private static final Pattern LOADER = Pattern.compile("/v1/loaders/([A-Za-z0-9._-]{1,64})");
  private static final Pattern BLOB = Pattern.compile("/blobs/sha256/([0-9a-f]{64})");
  private static final int IDLE_SECONDS = 120;

  /** Four for each of a thousand machines that boot at once; the next is closed as it comes. */
  private static final int MAX_CONNECTIONS = 4096;

  private final BootViews views;
  private final NodeImages images;
  private final LoaderFolder loaders;
  private final LoaderFolder blobs;
  private final NodeBootSettings control;
  private final Clock clock;
  private final PxeTrace trace;
  private final HttpServer server;
  private int connections;

  public HttpBootServer(
      Vertx vertx,
      BootViews views,
      NodeImages images,
      LoaderFolder loaders,
      LoaderFolder blobs,
      NodeBootSettings control,
      Clock clock,
      PxeTrace trace) {
    this.views = views;
    this.images = images;
    this.loaders = loaders;
    this.blobs = blobs;
    this.control = control;
    this.clock = clock;
    this.trace = trace;
    this.server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setTcpNoDelay(true));
  }

  /**
   * Listens on every address.
   *
   * @param port 0 for any
   * @return the port
   */
  public Future<Integer> start(int port) {
    return server
        .requestHandler(this::handle)
        .connectionHandler(this::connected)
        .exceptionHandler(_ -> {}) // a client that goes away; its transfer reports that itself
        .listen(port, "0.0.0.0")
        .map(HttpServer::actualPort);
  }

  public Future<Void> stop() {
    return server.close();
  }

  /** All on the one event loop that started the server. */
  private void connected(HttpConnection connection) {
    connections++;
    connection.closeHandler(_ -> connections--);
    if (connections > MAX_CONNECTIONS) {
      String from = connection.remoteAddress().hostAddress();
      verdict(Optional.empty(), Outcome.IGNORED, "connect", "too-many-connections", from);
      connection.close().onFailure(_ -> {}); // gone already
    }
  }

  private void handle(HttpServerRequest request) {
    request.response().exceptionHandler(_ -> {}); // seen by the future that sends
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      request.response().putHeader("Allow", "GET, HEAD");
      problem(request, 405, "Method Not Allowed", "there is nothing to change here");
      return;
    }
    String path = request.path() == null ? "" : request.path();
    Matcher script = SCRIPT.matcher(path);
    Matcher image = IMAGE.matcher(path);
    Matcher loader = LOADER.matcher(path);
    Matcher blob = BLOB.matcher(path);
    if (script.matches()) {
      script(request, script.group(1));
    } else if (image.matches()) {
      image(request, image.group(1), image.group(2));
    } else if (loader.matches()) {
      plain(request, loaders, loader.group(1), "loader");
    } else if (blob.matches()) {
      plain(request, blobs, blob.group(1), "blob");
    } else {
      notFound(request);
    }
  }

  private void script(HttpServerRequest request, String text) {
    Mac mac;
    try {
      mac = Mac.parse(text);
    } catch (IllegalArgumentException e) {
      notFound(request);
      return;
    }
    BootView view = views.current();
    Optional<Host> host = view.hostByMac(mac);
    Ipv4 client = address(request);
    if (host.isPresent() && !view.hostByAddress(client).equals(host)) {
      // Served all the same: it holds nothing that is the machine's own.
      verdict(request, Optional.of(mac), Outcome.NOTED, "address-of-another");
    }
    ScriptDecider.Asked asked =
        new ScriptDecider.Asked(
            mac,
            Ipv4.parse(request.localAddress().hostAddress()),
            request.localAddress().port(),
            clock.instant());
    BootScript script = ScriptDecider.decide(asked, host, images.current(), control);
    Transfer transfer = new Transfer(client, host, "script", name(script), System.nanoTime());
    respond(request, script.render(), transfer);
  }

  private void respond(HttpServerRequest request, String body, Transfer transfer) {
    HttpServerResponse response =
        request
            .response()
            .putHeader("Content-Type", "text/plain; charset=utf-8")
            .putHeader("Cache-Control", "no-store");
    Future<Void> sent =
        request.method().equals(HttpMethod.HEAD)
            ? response.putHeader("Content-Length", String.valueOf(body.length())).end()
            : response.end(body);
    finish(transfer, sent, body.length(), response);
  }

  private static String name(BootScript script) {
    return switch (script) {
      case BootScript.NodeBoot _ -> "node-boot";
      case BootScript.LocalDisk _ -> "local-disk";
      case BootScript.RetryWait(String reason, BootScript.Retry _) -> "wait: " + reason;
    };
  }

  private void image(HttpServerRequest request, String version, String name) {
    Optional<NodeImage> image = images.byVersion(version);
    Optional<NodeImage.ImageFile> file = image.flatMap(found -> found.file(name));
    if (image.isEmpty() || file.isEmpty()) {
      notFound(request);
      return;
    }
    String step =
        switch (name) {
          case NodeImage.KERNEL -> "kernel";
          case NodeImage.INITRD -> "initrd";
          case NodeImage.ROOT -> "root";
          default -> "file";
        };
    // The version is part of the URL: what is there never changes.
    request.response().putHeader("Cache-Control", "public, max-age=31536000, immutable");
    request.response().putHeader("ETag", "\"" + file.get().sha256() + "\"");
    String path = image.get().folder().resolve(name).toString();
    file(request, path, file.get().bytes(), step, name);
  }

  private void plain(HttpServerRequest request, LoaderFolder folder, String name, String step) {
    folder
        .find(name)
        .onComplete(
            found -> {
              if (found.isEmpty()) {
                notFound(request);
              } else {
                request.response().putHeader("Cache-Control", "no-cache");
                file(request, found.get().path(), found.get().bytes(), step, name);
              }
            },
            _ -> problem(request, 500, "Internal Server Error", "the file cannot be read"));
  }

  /** All or a part of a file (RFC 9110, sections 13 and 14). */
  private void file(HttpServerRequest request, String path, long size, String step, String name) {
    HttpServerResponse response = request.response();
    @Nullable String etag = response.headers().get("ETag");
    if (etag != null && etag.equals(request.getHeader("If-None-Match"))) {
      response.setStatusCode(304).end().onFailure(_ -> {});
      return;
    }
    response.putHeader("Accept-Ranges", "bytes");
    response.putHeader("Content-Type", "application/octet-stream");
    @Nullable String ifRange = request.getHeader("If-Range");
    @Nullable String header = request.getHeader("Range");
    boolean whole = header == null || ifRange != null && !ifRange.equals(etag);
    switch (whole ? new ByteRange.Full() : ByteRange.parse(String.valueOf(header), size)) {
      case ByteRange.Unsatisfiable _ -> {
        response.putHeader("Content-Range", "bytes */" + size);
        problem(request, 416, "Range Not Satisfiable", "the file is not that long");
      }
      case ByteRange.Full _ -> send(request, path, 0, size, step, name);
      case ByteRange.Part(long first, long last) -> {
        response.setStatusCode(206);
        response.putHeader("Content-Range", "bytes " + first + "-" + last + "/" + size);
        send(request, path, first, last - first + 1, step, name);
      }
    }
  }

  private void send(
      HttpServerRequest request, String path, long offset, long length, String step, String name) {
    HttpServerResponse response =
        request.response().putHeader("Content-Length", String.valueOf(length));
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end().onFailure(_ -> {});
      return;
    }
    Ipv4 client = address(request);
    Transfer transfer =
        new Transfer(client, views.current().hostByAddress(client), step, name, System.nanoTime());
    progress(transfer, Stage.STARTED, 0);
    finish(transfer, response.sendFile(path, offset, length), length, response);
  }

  private record Transfer(Ipv4 client, Optional<Host> host, String step, String file, long began) {}

  private void finish(
      Transfer transfer, Future<Void> sent, long length, HttpServerResponse response) {
    sent.onComplete(
        _ -> progress(transfer, Stage.FINISHED, length),
        _ -> progress(transfer, Stage.FAILED, response.bytesWritten()));
  }

  private void progress(Transfer transfer, Stage stage, long octets) {
    trace.progress(
        new BootProgress(
            transfer.client,
            transfer.host,
            transfer.step,
            transfer.file,
            stage,
            octets,
            Duration.ofNanos(System.nanoTime() - transfer.began)));
  }

  private static Ipv4 address(HttpServerRequest request) {
    return Ipv4.parse(request.remoteAddress().hostAddress());
  }

  private void notFound(HttpServerRequest request) {
    verdict(request, Optional.empty(), Outcome.IGNORED, "no-such-file");
    problem(request, 404, "Not Found", "there is no such script or file");
  }

  private void verdict(
      HttpServerRequest request, Optional<Mac> mac, Outcome outcome, String reason) {
    String from = request.remoteAddress().hostAddress();
    verdict(mac, outcome, "GET", reason, request.path() + " from " + from);
  }

  private void verdict(
      Optional<Mac> mac, Outcome outcome, String what, String reason, String detail) {
    trace.packet(new PacketVerdict("http", "", mac, outcome, what, reason, detail));
  }

  /** RFC 9457. */
  private static void problem(HttpServerRequest request, int status, String title, String detail) {
    String body =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", title)
            .put("status", status)
            .put("detail", detail)
            .encode();
    HttpServerResponse response = request.response();
    response.headers().remove("ETag");
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
