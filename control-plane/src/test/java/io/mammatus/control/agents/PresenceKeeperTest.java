package io.mammatus.control.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.control.identity.CertificateAuthority;
import io.mammatus.control.write.CloudWriter;
import io.mammatus.control.write.Origin;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.presence.Presence;
import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.view.CloudView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is written off, on a real PostgreSQL; this control plane itself has no connection. */
class PresenceKeeperTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  /** How often the other control plane confirms what it has. */
  private static final long OTHER_MILLIS = 20;

  private static final PresenceKeeper.Rhythm QUICK =
      new PresenceKeeper.Rhythm(Duration.ofMillis(100), Duration.ofMillis(2_000));

  private final TestDatabase test = TestDatabase.fresh(PresenceKeeperTest.class);
  private final EventLog log = new EventLog(test.database());
  private final CloudView view = TestDatabase.await(CloudView.open(test.database(), log));
  private final CloudWriter writer = new CloudWriter(view, log, Clock.systemUTC());

  /** The nodes that another control plane has connections of. */
  private final Set<NodeId> elsewhere = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    AgentGateway gateway =
        new AgentGateway(
            new AgentGateway.Settings("127.0.0.1", 0, 8080, List.of("127.0.0.1")),
            view,
            writer,
            CertificateAuthority.open(folder, Clock.systemUTC()),
            refusal -> {});
    TestDatabase.await(test.vertx().deployVerticle(gateway));
    Presence presence = new Presence(test.database());
    new PresenceKeeper(QUICK, test.vertx(), presence, gateway, view, writer).start();
    UUID other = UUID.randomUUID();
    test.vertx()
        .setPeriodic(
            OTHER_MILLIS,
            timer ->
                presence.confirm(other, elsewhere).onFailure(e -> test.vertx().cancelTimer(timer)));
  }

  @AfterEach
  void close() {
    TestDatabase.await(view.close().map(done -> true));
    test.close();
  }

  @Test
  void whomNobodyHearsOfIsLostAndWhoHasAnotherControlPlaneIsNot() {
    NodeId orphan = joins(1);
    NodeId held = joins(2);
    elsewhere.add(held);
    writer.lead(TestDatabase.await(log.raiseFence()));
    await().atMost(SOON).until(() -> phase(orphan) == NodePhase.LOST);
    assertThat(phase(held)).isEqualTo(NodePhase.READY);
  }

  /** It is in the view before anybody could confirm it: one look says nothing. */
  @Test
  void nodesThatHaveJustComeAreNotLost() {
    NodeId orphan = joins(1);
    writer.lead(TestDatabase.await(log.raiseFence()));
    await().atMost(SOON).until(() -> phase(orphan) == NodePhase.LOST); // from now on it sweeps
    for (int number = 2; number < 60; number++) {
      elsewhere.add(joins(number));
    }
    assertThat(elsewhere).allMatch(node -> phase(node) == NodePhase.READY);
  }

  private NodePhase phase(NodeId node) {
    return view.cloud().node(node).orElseThrow().status().phase();
  }

  /** A node that the log calls ready. */
  private NodeId joins(int number) {
    Mac mac = new Mac(0x525400000000L + number);
    String name = "machine-" + number;
    does(
        new Command.Apply(
            Kind.MACHINE,
            newId(),
            Metadata.DEFAULT_WORKSPACE,
            name,
            Map.of(),
            new MachineSpec(List.of(mac), null, null),
            null));
    NodeId node = new NodeId(newId());
    String key = "%064x".formatted(number);
    does(new Command.RequestAdmission(mac, key, Ipv4.parse("10.88.0.250"), node));
    does(new Command.AcceptMachine(name, key, false, node));
    does(new Command.Connect(node, "boot-1"));
    return node;
  }

  private static Uid newId() {
    return new Uid(UUID.randomUUID());
  }

  private void does(Command command) {
    assertThat(TestDatabase.await(writer.submit(command, Origin.of("test", "test"))))
        .isInstanceOf(Outcome.Done.class);
  }
}
