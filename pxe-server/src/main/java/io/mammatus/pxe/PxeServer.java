package io.mammatus.pxe;

import io.mammatus.core.net.Ipv4;
import io.mammatus.pxe.dhcp.BootSettings;
import io.mammatus.pxe.dhcp.DhcpServer;
import io.mammatus.pxe.dhcp.Sightings;
import io.mammatus.pxe.dns.DnsServer;
import io.mammatus.pxe.grub.GrubBootFiles;
import io.mammatus.pxe.httpboot.HttpBootServer;
import io.mammatus.pxe.httpboot.LoaderFolder;
import io.mammatus.pxe.httpboot.NodeImages;
import io.mammatus.pxe.lease.LeaseKeeper;
import io.mammatus.pxe.lease.LeasedNames;
import io.mammatus.pxe.lease.Pools;
import io.mammatus.pxe.tftp.TftpServer;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootViews;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Wires the four servers to one event loop. Deploy one instance; Vert.x must have been made with
 * the native transport, and the process needs CAP_NET_BIND_SERVICE and CAP_NET_RAW.
 */
public final class PxeServer extends VerticleBase {

  private static final long IMAGE_REFRESH_MILLISECONDS = 5_000;

  private final PxeConfig config;
  private final BootViews views;
  private final Sightings sightings;
  private final PxeTrace trace;
  private final Clock clock;
  private final Function<Set<String>, Optional<LeaseKeeper>> leases;
  private Pools pools = Pools.NONE;
  private LeasedNames names = new LeasedNames();
  private final Deque<Supplier<Future<Void>>> running = new ArrayDeque<>();
  private volatile @Nullable DnsServer dns;
  private Map<String, String> reported = Map.of();
  private BootSettings settings;
  private long timer = -1;

  /** Without a database: nothing is given from pools, and no other server is minded. */
  public PxeServer(
      PxeConfig config, BootViews views, Sightings sightings, PxeTrace trace, Clock clock) {
    this(config, views, sightings, trace, clock, interfaces -> Optional.empty());
  }

  /**
   * @param leases makes the keeper of leases for these interfaces; called on the event loop
   */
  public PxeServer(
      PxeConfig config,
      BootViews views,
      Sightings sightings,
      PxeTrace trace,
      Clock clock,
      Function<Set<String>, Optional<LeaseKeeper>> leases) {
    this.leases = leases;
    this.config = config;
    this.views = views;
    this.sightings = sightings;
    this.trace = trace;
    this.clock = clock;
    this.settings = BootSettings.onPort(config.httpPort());
  }

  @Override
  public Future<?> start() {
    if (!vertx.isNativeTransportEnabled()) {
      return Future.failedFuture(
          new IllegalStateException("DHCP needs Vert.x's native transport (epoll)"));
    }
    NodeImages images = new NodeImages(vertx, config.images(), config.nodeImageVersion());
    Future<Void> started =
        refresh(images)
            .compose(_ -> startHttp(images))
            .compose(_ -> startLeases())
            .compose(_ -> startDns());
    for (String name : config.interfaces()) {
      started = started.compose(_ -> startTftp(name, images)).compose(_ -> startDhcp(name));
    }
    return started
        .compose(_ -> startSelfTest(images))
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
    return http.start(config.httpPort())
        .compose(port ->
            config.https().map(https -> startHttps(http, https)).orElse(Future.succeededFuture()));
  }

  private static Future<Void> startHttps(HttpBootServer http, HttpsConfig https) {
    PemKeyCertOptions pair =
        new PemKeyCertOptions()
            .addCertPath(https.certificate().toString())
            .addKeyPath(https.key().toString());
    return http.startTls(https.port(), pair)
        .<Void>mapEmpty()
        .recover(e ->
            Future.failedFuture(
                new IllegalStateException(
                    "boot.https: port %d with %s and %s: %s"
                        .formatted(https.port(), https.certificate(), https.key(), e.getMessage()),
                    e)));
  }

  private Future<Void> startLeases() {
    Optional<LeaseKeeper> keeper = leases.apply(Set.copyOf(config.interfaces()));
    if (keeper.isEmpty()) {
      return Future.succeededFuture();
    }
    pools = keeper.get();
    names = keeper.get().names();
    running.push(keeper.get()::stop);
    return keeper.get().start();
  }

  private Future<Void> startDns() {
    if (config.dns().isEmpty()) {
      return Future.succeededFuture();
    }
    DnsServer server =
        new DnsServer(vertx, config.interfaces(), views, names, config.dns().get(), trace, clock);
    dns = server;
    running.push(server::stop);
    return server.start();
  }

  /**
   * Whether clients may be told that this address of ours answers DNS: it does, on the port that
   * they ask. From any thread.
   */
  public boolean answersDns(Ipv4 server) {
    DnsServer started = dns;
    return started != null && started.isAnswering(server);
  }

  private Future<Void> startTftp(String interfaceName, NodeImages images) {
    GrubBootFiles.Server server =
        new GrubBootFiles.Server(
            config.loaders(), images, config.control(), config.httpPort(), clock);
    GrubBootFiles files = new GrubBootFiles(vertx, views, server);
    TftpServer tftp = new TftpServer(vertx, interfaceName, views, files, trace);
    running.push(tftp::stop);
    return tftp.start();
  }

  /** For {@code mammatus doctor}; where the loopback has another TFTP server, one does without. */
  private Future<Void> startSelfTest(NodeImages images) {
    return startTftp(TftpServer.LOOPBACK, images)
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
            vertx,
            interfaceName,
            views,
            () -> settings,
            sightings,
            trace,
            pools,
            this::answersDns,
            clock);
    running.push(dhcp::stop);
    return dhcp.start();
  }

  /** The next look begins after the last has ended: hashing a new image takes a while. */
  private void refreshAgain(NodeImages images) {
    timer =
        vertx.setTimer(
            IMAGE_REFRESH_MILLISECONDS,
            _ ->
                refresh(images)
                    .onComplete(_ -> {
                      report(images);
                      refreshAgain(images);
                    }));
  }

  /** Looks at both folders again, off the event loop. */
  private Future<Void> refresh(NodeImages images) {
    return images
        .refresh()
        .compose(_ -> vertx.executeBlocking(() -> names(config.loaders())))
        .onSuccess(loaders ->
            settings =
                BootSettings.of(
                        loaders, config.secureBoot(), config.httpPort(), config.endIpv6Wait())
                    .withHttps(
                        config
                            .https()
                            .map(https -> new BootSettings.Https(https.port(), https.fallback()))))
        .mapEmpty();
  }

  private static Set<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
    }
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
