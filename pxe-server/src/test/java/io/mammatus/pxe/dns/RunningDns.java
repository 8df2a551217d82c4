package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import io.mammatus.pxe.lease.LeasedNames;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The server on 127.53.0.1 and a free port, with a network of loopback addresses. */
final class RunningDns implements AutoCloseable {

  static final String ADDRESS = "127.53.0.1";
  static final Subnet SUBNET =
      Fixtures.subnet("lo", "127.53.0.0/16", ADDRESS, "127.53.0.254", "rack.test");

  final int port;
  final Counts counts = new Counts();
  final BootViews views;
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  private final List<Host> hosts = new ArrayList<>();
  private final Verticle verticle;

  RunningDns(List<String> upstreams, String fallback) throws Exception {
    this(upstreams, fallback, Path.of("/nonexistent"), freePort(ADDRESS));
  }

  RunningDns(RateLimits limits) throws Exception {
    this(List.of(), "none", Path.of("/nonexistent"), freePort(ADDRESS), limits);
  }

  RunningDns(List<String> upstreams, String fallback, Path resolvConf, int port) throws Exception {
    this(upstreams, fallback, resolvConf, port, RateLimits.DEFAULT);
  }

  RunningDns(List<String> upstreams, String fallback, Path resolvConf, int port, RateLimits limits)
      throws Exception {
    this.port = port;
    this.views = new BootViews(new SnapshotView(List.of(SUBNET), List.of()));
    DnsSettings settings =
        new DnsSettings(
            port,
            upstreams.stream().map(Upstream::parse).toList(),
            Fallback.parse(fallback),
            resolvConf,
            "mammatus.internal");
    verticle = new Verticle(views, settings, limits, counts);
    await(vertx.deployVerticle(verticle));
  }

  private static final class Verticle extends VerticleBase {
    private final BootViews views;
    private final DnsSettings settings;
    private final RateLimits limits;
    private final Counts counts;
    private @Nullable DnsServer server;

    Verticle(BootViews views, DnsSettings settings, RateLimits limits, Counts counts) {
      this.limits = limits;
      this.views = views;
      this.settings = settings;
      this.counts = counts;
    }

    @Override
    public Future<?> start() {
      DnsServer made =
          new DnsServer(
              vertx,
              List.of("lo"),
              views,
              new LeasedNames(),
              settings,
              limits,
              counts,
              Clock.systemUTC());
      server = made;
      return made.start();
    }

    @Override
    public Future<?> stop() {
      return server().stop();
    }

    DnsServer server() {
      return Objects.requireNonNull(server);
    }
  }

  /** A port that is free for both on an address. */
  static int freePort(String address) throws IOException {
    InetAddress local = InetAddress.getByName(address);
    for (int tries = 0; ; tries++) {
      try (ServerSocket tcp = new ServerSocket(0, 1, local);
          DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), local)) {
        return udp.getLocalPort();
      } catch (IOException e) {
        if (tries > 20) {
          throw e;
        }
      }
    }
  }

  boolean isAnswering() {
    return server().listensOn(Ipv4.parse(ADDRESS));
  }

  DnsServer server() {
    return verticle.server();
  }

  void enrol(Host host) {
    hosts.add(host);
    views.publish(new SnapshotView(List.of(SUBNET), hosts));
  }

  void subnets(Subnet... subnets) {
    views.publish(new SnapshotView(Arrays.asList(subnets), hosts));
  }

  /** Asks as somebody in the network. */
  Dig dig(String... arguments) {
    return digFrom("127.53.0.9", arguments);
  }

  Dig digFrom(String source, String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("@" + ADDRESS, "-p", String.valueOf(port), "-b", source));
    all.addAll(List.of(arguments));
    return Dig.run(all.toArray(new String[0]));
  }

  private static <T> T await(Future<T> future)
      throws InterruptedException, TimeoutException, java.util.concurrent.ExecutionException {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    await(vertx.close());
  }
}
