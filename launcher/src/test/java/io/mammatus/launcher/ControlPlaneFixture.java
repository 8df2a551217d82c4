package io.mammatus.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.control.ControlPlane;
import io.mammatus.control.ControlPlaneConfig;
import io.mammatus.control.NetworkConfig;
import io.mammatus.control.identity.CertificateAuthority;
import io.mammatus.control.write.Origin;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.ImageSpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.Spec;
import io.mammatus.core.resource.Uid;
import io.mammatus.platform.bus.Reply;
import io.mammatus.platform.config.HostPort;
import io.mammatus.platform.metrics.Metrics;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.trace.TraceRecord;
import io.mammatus.store.trace.TraceWriter;
import io.mammatus.store.trace.Traces;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A control plane on a real PostgreSQL, with an image and a flavor, that leads: agents connect to
 * it over TLS. One a test class, which closes it.
 */
final class ControlPlaneFixture implements AutoCloseable {

  static final Duration SOON = Duration.ofSeconds(30);
  static final InstantSource NOW = Clock.systemUTC();

  private final Path folder;
  private final TestDatabase test;
  private final CloudView view;
  private final Traces traces;
  private final HostPort agents = new HostPort("127.0.0.1", freePort());
  private final Metrics metrics = new Metrics();
  private final ControlPlane control;
  private final CertificateAuthority ca;
  private int machines;

  /**
   * Starts it.
   *
   * @param user the test class: its database's name
   */
  ControlPlaneFixture(Class<?> user, Path folder) throws IOException {
    this.folder = folder;
    test = TestDatabase.fresh(user);
    view = TestDatabase.await(CloudView.open(test.database(), new EventLog(test.database())));
    traces = new Traces(test.database());
    control = newControl(agents, metrics);
    TestDatabase.await(control.start().map(done -> true));
    ca = CertificateAuthority.open(folder.resolve("identity"), NOW);
    stock();
  }

  private ControlPlane newControl(HostPort listen, Metrics counted) {
    return new ControlPlane(
        test.vertx(),
        new ControlPlaneConfig(
            folder.resolve("identity"),
            folder.resolve("blobs"),
            new HostPort("127.0.0.1", freePort()),
            listen,
            8080,
            List.of(),
            false,
            1_000,
            List.of(network())),
        test.database(),
        view,
        new TraceWriter(test.database(), 10_000),
        counted,
        NOW);
  }

  /** Another one with the same configuration; completes when it serves, as at a restart. */
  void startAgain() {
    ControlPlane again = newControl(new HostPort("127.0.0.1", freePort()), new Metrics());
    TestDatabase.await(again.start().map(done -> true));
  }

  /** How many were refused for this reason, as /metrics tells it. */
  double refused(String reason) {
    String line = "mammatus_agents_refused_total{reason=\"" + reason + "\"} ";
    return metrics
        .scrape()
        .lines()
        .filter(text -> text.startsWith(line))
        .mapToDouble(text -> Double.parseDouble(text.substring(line.length())))
        .sum();
  }

  private static NetworkConfig network() {
    // Machines call from 127.0.0.1 here, which is what the first of them gets.
    return new NetworkConfig(
        "lab",
        Cidr.parse("127.0.0.0/24"),
        "br0",
        Ipv4.parse("127.0.0.200"),
        Optional.empty(),
        AddressRange.parse("127.0.0.1-127.0.0.9"),
        AddressRange.parse("127.0.0.100-127.0.0.109"),
        List.of(),
        Optional.empty(),
        Duration.ofHours(1),
        Optional.empty());
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void stock() {
    Blob blob = new Blob("0".repeat(64), 1);
    apply(Kind.IMAGE, "debian-12", new ImageSpec("1", Map.of("rootfs", blob, "metadata", blob)));
    apply(Kind.FLAVOR, "small", new FlavorSpec(1, 256, 2));
    await().atMost(SOON).until(control.writer()::leads);
  }

  @Override
  public void close() {
    TestDatabase.await(view.close().map(done -> true));
    test.close();
  }

  /** The address that agents connect to. */
  HostPort agents() {
    return agents;
  }

  Vertx vertx() {
    return test.vertx();
  }

  Cloud cloud() {
    return view.cloud();
  }

  /** How many machines there have been. */
  int machines() {
    return machines;
  }

  /** A machine of its own for each test. Its address is one that this machine can call from. */
  MachineFixture machine() {
    machines++;
    return new MachineFixture(this, machines, ca.fingerprint(), folder);
  }

  /** What an operator does. */
  void apply(Kind kind, String name, Spec spec) {
    does(
        new Command.Apply(
            kind,
            new Uid(UUID.randomUUID()),
            Metadata.DEFAULT_WORKSPACE,
            name,
            Map.of(),
            spec,
            null));
  }

  void does(Command command) {
    assertThat(TestDatabase.await(control.writer().submit(command, Origin.of("test", "test"))))
        .isInstanceOf(Outcome.Done.class);
  }

  /** The record of who was refused, and why. */
  TraceRecord awaitRecord(Predicate<TraceRecord> wanted) {
    await().atMost(SOON).until(() -> records().stream().anyMatch(wanted));
    return records().stream().filter(wanted).findFirst().orElseThrow();
  }

  List<TraceRecord> records() {
    return TestDatabase.await(
        traces
            .from("agents", Long.MAX_VALUE, 1000)
            .map(all -> all.stream().map(Traces.Stored::trace).toList()));
  }

  /** The code of a failure, or {@code ok}. */
  static String code(Reply reply) {
    return reply instanceof Reply.Failed failed ? failed.code() : "ok";
  }
}
