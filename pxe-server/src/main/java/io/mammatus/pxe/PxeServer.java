package io.mammatus.pxe;

import io.mammatus.pxe.dhcp.BootSettings;
import io.mammatus.pxe.dhcp.DhcpServer;
import io.mammatus.pxe.dhcp.Sightings;
import io.mammatus.pxe.httpboot.HttpBootServer;
import io.mammatus.pxe.httpboot.LoaderFolder;
import io.mammatus.pxe.httpboot.NodeImages;
import io.mammatus.pxe.tftp.FolderBootFiles;
import io.mammatus.pxe.tftp.TftpServer;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootViews;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Wires the three servers to one event loop. Deploy one instance; Vert.x must have been made with
 * the native transport, and the process needs CAP_NET_BIND_SERVICE and CAP_NET_RAW.
 */
public final class PxeServer extends VerticleBase {

  private static final long IMAGE_REFRESH_MILLISECONDS = 5_000;

  private final PxeConfig config;
  private final BootViews views;
  private final Sightings sightings;
  private final PxeTrace trace;
  private final Clock clock;
  private final Deque<Supplier<Future<Void>>> running = new ArrayDeque<>();
  private Map<String, String> reported = Map.of();
  private long timer = -1;

  public PxeServer(
      PxeConfig config, BootViews views, Sightings sightings, PxeTrace trace, Clock clock) {
    this.config = config;
    this.views = views;
    this.sightings = sightings;
    this.trace = trace;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    if (!vertx.isNativeTransportEnabled()) {
      return Future.failedFuture(
          new IllegalStateException("DHCP needs Vert.x's native transport (epoll)"));
    }
    NodeImages images = new NodeImages(vertx, config.images(), config.nodeImageVersion());
    Future<Void> started = images.refresh().compose(_ -> startHttp(images));
    for (String name : config.interfaces()) {
      started = started.compose(_ -> startTftp(name)).compose(_ -> startDhcp(name));
    }
    return started
        .compose(_ -> startSelfTest())
        .onSuccess(_ -> {
          report(images);
          refreshAgain(images);
        })
        // Vert.x does not stop a verticle that failed to start.
        .recover(failure -> stopAll().transform(_ -> Future.failedFuture(failure)));
  }

  @Override
  public Future<?> stop() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
    return stopAll();
  }

  private Future<Void> startHttp(NodeImages images) {
    HttpBootServer http =
        new HttpBootServer(
            vertx,
            views,
            images,
            new LoaderFolder(vertx, config.loaders()),
            new LoaderFolder(vertx, config.blobs().resolve("sha256")),
            config.control(),
            clock,
            trace);
    running.push(http::stop);
    return http.start(config.httpPort()).mapEmpty();
  }

  private Future<Void> startTftp(String interfaceName) {
    TftpServer tftp =
        new TftpServer(
            vertx, interfaceName, views, new FolderBootFiles(vertx, config.loaders()), trace);
    running.push(tftp::stop);
    return tftp.start();
  }

  /** For {@code mammatus doctor}; where the loopback has another TFTP server, one does without. */
  private Future<Void> startSelfTest() {
    return startTftp(TftpServer.LOOPBACK)
        .recover(failure -> {
          told("tftp", "self-test", "no-loopback", String.valueOf(failure.getMessage()));
          return Future.succeededFuture();
        });
  }

  private void told(String protocol, String what, String reason, String detail) {
    trace.packet(
        new PacketVerdict(
            protocol, "", Optional.empty(), PacketVerdict.Outcome.FAILED, what, reason, detail));
  }

  private Future<Void> startDhcp(String interfaceName) {
    DhcpServer dhcp =
        new DhcpServer(
            vertx, interfaceName, views, BootSettings.onPort(config.httpPort()), sightings, trace);
    running.push(dhcp::stop);
    return dhcp.start();
  }

  /** The next look begins after the last has ended: hashing a new image takes a while. */
  private void refreshAgain(NodeImages images) {
    timer =
        vertx.setTimer(
            IMAGE_REFRESH_MILLISECONDS,
            _ ->
                images
                    .refresh()
                    .onComplete(_ -> {
                      report(images);
                      refreshAgain(images);
                    }));
  }

  /** An image that is there and not served is told of once. */
  private void report(NodeImages images) {
    Map<String, String> problems = images.problems();
    problems.forEach((version, problem) -> {
      if (!problem.equals(reported.get(version))) {
        told("http", "image", "unusable", version + ": " + problem);
      }
    });
    reported = problems;
  }

  /** Last started, first stopped; all are stopped, whatever one of them says. */
  private Future<Void> stopAll() {
    Future<Void> stopped = Future.succeededFuture();
    while (!running.isEmpty()) {
      Supplier<Future<Void>> next = running.pop();
      stopped = stopped.eventually(next::get);
    }
    return stopped;
  }
}
