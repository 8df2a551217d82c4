package io.mammatus.pxe.httpboot;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.platform.http.Guests;
import io.mammatus.protocols.boot.BootScript;
import io.mammatus.pxe.trace.BootProgress.Stage;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PacketVerdict.Outcome;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.Host;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The boot server, plain HTTP because most ROMs speak nothing else, and TLS for those that do;
 * nothing that it serves is a secret.
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
  private static final Pattern LOADER =
      Pattern.compile("/v1/loaders/([A-Za-z0-9_-][A-Za-z0-9._-]{0,63})");
  private static final Pattern BLOB = Pattern.compile("/blobs/sha256/([0-9a-f]{64})");
  private static final String FOR_EVER = "public, max-age=31536000, immutable";
  private static final int IDLE_SECONDS = 120;

  /** Half a second on a slow board; who says nothing is not waited for. */
  private static final int HANDSHAKE_SECONDS = 4;

  /**
   * Four for each of a thousand machines that boot at once; as many of one address as a machine's
   * containers need. The next is closed as it comes.
   */
  private static final Guests.Limits LIMITS = new Guests.Limits(4096, 256, Duration.ofSeconds(30));

  /** Of one file at once; the others wait. */
  private static final int PLACES = 32;

  private static final int MAX_LISTENERS = 4;

  private final BootViews views;
  private final NodeImages images;
  private final LoaderFolder loaders;
  private final LoaderFolder blobs;
  private final NodeBootSettings control;
  private final Clock clock;
  private final PxeTrace trace;
  private final Transfers transfers;
  private final OpenFiles files;
  private final FileResponder responder;
  private final Guests guests;
  private final Vertx vertx;
  private final Deque<String> deployed = new ArrayDeque<>();

  /** Of plain HTTP; scripts name no other. */
  private volatile int plainPort;

  public HttpBootServer(
      Vertx vertx,
      BootViews views,
      NodeImages images,
      LoaderFolder loaders,
      LoaderFolder blobs,
      NodeBootSettings control,
      Clock clock,
      PxeTrace trace) {
    this.vertx = vertx;
    this.views = views;
    this.images = images;
    this.loaders = loaders;
    this.blobs = blobs;
    this.control = control;
    this.clock = clock;
    this.trace = trace;
    this.guests = new Guests(vertx, LIMITS, this::refused);
    this.transfers = new Transfers(views, trace);
    this.files = new OpenFiles(vertx);
    this.responder = new FileResponder(vertx, transfers, new Admission(PLACES), files);
  }

  /**
   * Listens on every address, with one listener for each event loop that there is a core for.
   *
   * @param port 0 for any
   * @return the port
   */
  public Future<Integer> start(int port) {
    return listen(port, options()).onSuccess(actual -> plainPort = actual);
  }

  /**
   * Listens for TLS beside it.
   *
   * @param port 0 for any
   * @return the port
   */
  public Future<Integer> startTls(int port, KeyCertOptions certificate) {
    return listen(
        port,
        options()
            .setSsl(true)
            .setKeyCertOptions(certificate)
            // The arithmetic of a handshake takes milliseconds, which DNS and DHCP have not.
            .setSslEngineOptions(new JdkSSLEngineOptions().setUseWorkerThread(true))
            .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
            .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS));
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setUseAlpn(false) // HTTP/1.1 is what firmware speaks, and what files are sent by here
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setTcpNoDelay(true);
  }

  private Future<Integer> listen(int port, HttpServerOptions options) {
    int listeners = Math.min(MAX_LISTENERS, Runtime.getRuntime().availableProcessors());
    AtomicInteger actual = new AtomicInteger();
    return vertx
        .deployVerticle(
            () -> new Listener(port, options, actual),
            new DeploymentOptions().setInstances(listeners))
        .map(id -> {
          deployed.push(id);
          return actual.get();
        });
  }

  public Future<Void> stop() {
    Future<Void> stopped = Future.succeededFuture();
    while (!deployed.isEmpty()) {
      String id = deployed.pop();
      stopped = stopped.eventually(() -> vertx.undeploy(id));
    }
    return stopped.eventually(() -> {
      files.close();
      return Future.succeededFuture();
    });
  }

  /** The server on one event loop; Vert.x hands the connections to each in turn. */
  private final class Listener extends VerticleBase {
    private final int port;
    private final HttpServerOptions options;
    private final AtomicInteger actual;

    Listener(int port, HttpServerOptions options, AtomicInteger actual) {
      this.options = options;
      // A negative one is any, the same for all listeners that name the same.
      this.port = port != 0 ? port : options.isSsl() ? -2 : -1;
      this.actual = actual;
    }

    @Override
    public Future<?> start() {
      return guests
          .server(options, HttpBootServer.this::handle)
          .exceptionHandler(this::broken)
          .listen(port, "0.0.0.0")
          .onSuccess(listening -> actual.set(listening.actualPort()));
    }

    /** Over TLS, who never came to a request; else a client that went away, which is told of. */
    private void broken(Throwable cause) {
      if (options.isSsl()) {
        trace.count("https", Outcome.IGNORED, "connection", "no-handshake");
      }
    }
  }

  private void refused(String reason, String from) {
    verdict(Optional.empty(), Outcome.IGNORED, "connection", reason, from);
  }

  private void handle(HttpServerRequest request) {
    request.response().exceptionHandler(_ -> {}); // seen by the future that sends
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      verdict(request, Optional.empty(), Outcome.IGNORED, "method");
      request.response().putHeader("Allow", "GET, HEAD");
      Problem.send(request, 405, "Method Not Allowed", "there is nothing to change here");
      return;
    }
    if (request.version() == HttpVersion.HTTP_1_1 && request.headers().getAll("Host").size() != 1) {
      verdict(request, Optional.empty(), Outcome.IGNORED, "no-host"); // RFC 9112, section 3.2
      Problem.send(request, 400, "Bad Request", "a request names one Host");
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
            mac, Ipv4.parse(request.localAddress().hostAddress()), plainPort, clock.instant());
    BootScript script = ScriptDecider.decide(asked, host, images.current(), control);
    Transfers.Transfer transfer = transfers.begin(request, "script", name(script));
    respond(request, script.render(), transfer);
  }

  private void respond(HttpServerRequest request, String body, Transfers.Transfer transfer) {
    HttpServerResponse response =
        request
            .response()
            .putHeader("Content-Type", "text/plain; charset=utf-8")
            .putHeader("Cache-Control", "no-store");
    Future<Void> sent =
        request.method().equals(HttpMethod.HEAD)
            ? response.putHeader("Content-Length", String.valueOf(body.length())).end()
            : response.end(body);
    sent.onComplete(
        _ -> transfer.report(Stage.FINISHED, body.length()), _ -> transfer.report(Stage.FAILED, 0));
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
    responder.respond(
        request,
        new FileResponder.Found(
            image.get().folder().resolve(name),
            file.get().bytes(),
            file.get().sha256(),
            Optional.empty(),
            FOR_EVER, // the version is part of the URL
            step,
            name));
  }

  private void plain(HttpServerRequest request, LoaderFolder folder, String name, String step) {
    // A digest says for ever what it is; a loader is replaced.
    boolean digest = step.equals("blob");
    folder
        .find(name)
        .onComplete(
            found ->
                found.ifPresentOrElse(
                    file ->
                        responder.respond(
                            request,
                            new FileResponder.Found(
                                file.path(),
                                file.bytes(),
                                digest ? name : file.key(),
                                digest ? Optional.empty() : Optional.of(file.modified()),
                                digest ? FOR_EVER : "no-cache",
                                step,
                                name)),
                    () -> notFound(request)),
            _ -> Problem.send(request, 500, "Internal Server Error", "the file cannot be read"));
  }

  private static Ipv4 address(HttpServerRequest request) {
    return Ipv4.parse(request.remoteAddress().hostAddress());
  }

  private void notFound(HttpServerRequest request) {
    verdict(request, Optional.empty(), Outcome.IGNORED, "no-such-file");
    Problem.send(request, 404, "Not Found", "there is no such script or file");
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
}
