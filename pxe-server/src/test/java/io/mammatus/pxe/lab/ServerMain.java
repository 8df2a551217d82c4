package io.mammatus.pxe.lab;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.boot.KernelArguments;
import io.mammatus.pxe.HttpsConfig;
import io.mammatus.pxe.PxeConfig;
import io.mammatus.pxe.PxeServer;
import io.mammatus.pxe.dhcp.SecureBoot;
import io.mammatus.pxe.dns.DnsSettings;
import io.mammatus.pxe.dns.Fallback;
import io.mammatus.pxe.httpboot.NodeBootSettings;
import io.mammatus.pxe.lease.LeaseKeeper;
import io.mammatus.pxe.lease.ServerIdentity;
import io.mammatus.pxe.trace.BootProgress;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootView;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.LocalView;
import io.mammatus.pxe.view.ServerAddresses;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import io.mammatus.store.Database;
import io.mammatus.store.DatabaseSettings;
import io.mammatus.store.lease.Duties;
import io.mammatus.store.lease.Leases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The PXE server in a process of its own, for tests that run it in a network namespace. Knows no
 * host at first: every card that it hears is enrolled at once, at 10.88.0.100 and up, as a machine;
 * cards that begin with 52:54:01 as an instance, those with 52:54:02 never.
 *
 * <p>Arguments: interface, loader folder, image folder. Prints a line for everything that the trace
 * hears, and {@code READY} once it serves. Properties: {@code networks}, one of {@link Networks};
 * {@code socket}, {@code database} and {@code role} of the PostgreSQL that leases are kept in.
 */
public final class ServerMain {

  private static final int HTTP_PORT = 8069;

  private final String interfaceName;
  private final List<Subnet> subnets;
  private final Map<Mac, Host> hosts = new TreeMap<>();
  private final BootViews views;

  private ServerMain(String interfaceName) {
    Networks networks = Networks.valueOf(System.getProperty("networks", "USUAL"));
    this.interfaceName = interfaceName;
    this.subnets = networks.subnets(interfaceName);
    this.views = new BootViews(view());
  }

  public static void main(String[] arguments) {
    ServerMain main = new ServerMain(arguments[0]);
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    PxeConfig config =
        new PxeConfig(
            List.of(arguments[0]),
            HTTP_PORT,
            Path.of(arguments[1]),
            Path.of(arguments[2]),
            Path.of(arguments[2]),
            Optional.empty(),
            SecureBoot.valueOf(System.getProperty("secureBoot", "AUTO")),
            Boolean.parseBoolean(System.getProperty("endIpv6Wait", "true")),
            https(),
            new NodeBootSettings(Optional.empty(), 8443, "ab".repeat(32), KernelArguments.NONE),
            Optional.of(
                new DnsSettings(
                    53,
                    List.of(),
                    Fallback.parse("127.0.0.1:5300"),
                    Path.of("/nonexistent"),
                    "mammatus.internal")));
    database(vertx)
        .compose(database ->
            vertx.deployVerticle(
                new PxeServer(
                    config,
                    main.views,
                    (sighting, vendorClass) -> main.enrol(sighting.mac()),
                    new Printed(),
                    Clock.systemUTC(),
                    interfaces -> database.map(d -> main.keeper(vertx, d, interfaces)))))
        .onComplete(
            _ -> System.out.println("READY"),
            failure -> {
              System.out.println("FAILED " + failure);
              System.exit(1);
            });
  }

  private static Future<Optional<Database>> database(Vertx vertx) {
    String socket = System.getProperty("socket", "");
    if (socket.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    DatabaseSettings settings =
        new DatabaseSettings(
            Optional.empty(),
            Optional.of(Path.of(socket)),
            System.getProperty("database"),
            System.getProperty("role"),
            Optional.empty(),
            false,
            Optional.empty(),
            4);
    return Database.open(vertx, settings).map(Optional::of);
  }

  private LeaseKeeper keeper(Vertx vertx, Database database, Set<String> interfaces) {
    return new LeaseKeeper(
        vertx,
        new Leases(database),
        new Duties(database),
        views,
        interfaces,
        ServerIdentity.here(HTTP_PORT));
  }

  private static Optional<HttpsConfig> https() {
    return Optional.ofNullable(System.getProperty("https"))
        .map(folder -> {
          Path from = Path.of(folder);
          return new HttpsConfig(
              8445, from.resolve("server.pem"), from.resolve("server.key"), false);
        });
  }

  private void enrol(Mac mac) {
    long kind = mac.bits() >>> 24;
    if (kind == 0x525402) {
      return;
    }
    hosts.computeIfAbsent(
        mac,
        _ ->
            new Host(
                kind == 0x525401 ? Host.Kind.INSTANCE : Host.Kind.MACHINE,
                "id-" + mac.hyphenated(),
                "m-" + mac.hyphenated(),
                Set.of(mac),
                Ipv4.parse("10.88.0.100").plus(hosts.size()),
                kind != 0x525403));
    views.publish(view());
  }

  private BootView view() {
    return new LocalView(
        new SnapshotView(subnets, new ArrayList<>(hosts.values())),
        ServerAddresses.of(List.of(interfaceName)));
  }

  private static final class Printed implements PxeTrace {
    @Override
    public void packet(PacketVerdict verdict) {
      System.out.println(verdict);
    }

    @Override
    public void progress(BootProgress progress) {
      System.out.println(progress);
    }
  }
}
