package io.mammatus.launcher;

import static io.mammatus.launcher.ControlPlaneFixture.SOON;
import static io.mammatus.launcher.ControlPlaneFixture.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.agent.link.ControlLink;
import io.mammatus.agent.link.RefusedException;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Uid;
import io.mammatus.platform.bus.FrameConnection;
import io.mammatus.platform.bus.Reply;
import io.mammatus.protocols.agent.AgentMessages;
import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.trace.TraceRecord;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who is not let in, or not everywhere: each is on record with the reason. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedAgentsTest {

  private final ControlPlaneFixture control;

  RefusedAgentsTest(@TempDir Path folder) throws IOException {
    control = new ControlPlaneFixture(RefusedAgentsTest.class, folder);
  }

  @AfterAll
  void close() {
    control.close();
  }

  @Test
  void withoutACertificateOnlyAdmissionMayBeAskedFor() {
    MachineFixture stranger = control.machine();
    FrameConnection connection = stranger.connects();
    assertThat(code(stranger.hello(connection))).isEqualTo("forbidden");
    assertThat(
            code(
                stranger.asks(
                    connection, AgentMessages.OBSERVED, new NodeObserved(1, true, List.of()))))
        .isEqualTo("forbidden");
    for (String operation : List.of("hello", "observed")) {
      TraceRecord record =
          control.awaitRecord(r ->
              r.reason().equals("no-certificate")
                  && r.detail().getOrDefault("detail", "").startsWith(operation));
      assertThat(record.what()).isEqualTo("refused");
      assertThat(record.address()).contains(Ipv4.parse("127.0.0.1"));
      assertThat(control.refused("no-certificate")).isPositive();
    }
    stranger.leaves(connection);
  }

  @Test
  void aMachineThatNobodyHeardIsNotAdmitted() {
    MachineFixture stranger = control.machine();
    refusedAdmission(stranger, "not-found");
    assertThat(control.awaitRecord(r -> r.mac().equals(Optional.of(stranger.mac))).reason())
        .isEqualTo("not-found");
  }

  @Test
  void aMachineThatCallsFromAnotherAddressIsNotAdmitted() {
    MachineFixture machine = control.machine();
    // The first address is nobody's: this machine gets another than the one that it calls from.
    control.does(
        new Command.Enrol(
            new MachineId(new Uid(UUID.randomUUID())),
            new Sighting(new Mac(0x525400ff0000L + control.machines()), "br0", null, null)));
    control.does(
        new Command.Enrol(
            new MachineId(new Uid(UUID.randomUUID())),
            new Sighting(machine.mac, "br0", null, null)));
    assertThat(machine.resource().status().address()).isNotEqualTo(Ipv4.parse("127.0.0.1"));
    refusedAdmission(machine, "forbidden");
    control.awaitRecord(
        r -> r.mac().equals(Optional.of(machine.mac)) && r.reason().equals("forbidden"));
  }

  private static void refusedAdmission(MachineFixture machine, String code) {
    Promise<Throwable> failure = Promise.promise();
    machine.context.runOnContext(v ->
        machine
            .link
            .askAdmission(machine.identity)
            .onComplete(done -> machine.link.endAdmission())
            .onComplete(reply -> failure.fail("it was answered"), failure::complete));
    assertThat(TestDatabase.await(failure.future()))
        .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void whatComesFromAMachinesAddressIsItsRecord() throws IOException {
    MachineFixture stranger = control.machine();
    control.does(
        new Command.Enrol(
            new MachineId(new Uid(UUID.randomUUID())),
            new Sighting(new Mac(0x525400ee0000L), "br0", null, null)));
    FrameConnection connection = stranger.connects();
    assertThat(code(stranger.hello(connection))).isEqualTo("forbidden");
    Ref owner = control.cloud().owner(Ipv4.parse("127.0.0.1")).orElseThrow();
    TraceRecord record =
        control.awaitRecord(r ->
            r.reason().equals("no-certificate") && r.subject().equals(Optional.of(owner.id())));
    assertThat(record.mac())
        .contains(
            control
                .cloud()
                .machine(new MachineId(owner.id()))
                .orElseThrow()
                .status()
                .macs()
                .getFirst());
    stranger.leaves(connection);
  }

  @Test
  void aRevokedNodeIsNotLetIn() {
    MachineFixture machine = control.machine().admitted();
    NodeId node = machine.node();
    control.does(new Command.RevokeNode(machine.resource().name(), "stolen"));
    FrameConnection connection = machine.connects();
    assertThat(code(machine.hello(connection))).isEqualTo("forbidden");
    assertThat(
            code(
                machine.asks(
                    connection, AgentMessages.OBSERVED, new NodeObserved(1, true, List.of()))))
        .isEqualTo("forbidden");
    assertThat(code(machine.asks(connection, AgentMessages.INVENTORY, machine.hardware())))
        .isEqualTo("forbidden");
    await()
        .atMost(SOON)
        .until(() ->
            control.records().stream()
                    .filter(r -> r.subject().equals(Optional.of(node.uid())))
                    .count()
                == 3);
    machine.leaves(connection);
  }

  @Test
  void aNodeMayNotSpeakForAnother() {
    MachineFixture machine = control.machine().admitted();
    FrameConnection connection = machine.connects();
    assertThat(machine.hello(connection)).isInstanceOf(Reply.Ok.class);
    String foreign = "node/" + UUID.randomUUID().toString().substring(0, 8) + "/observed";
    assertThat(code(machine.asks(connection, foreign, new NodeObserved(1, true, List.of()))))
        .isEqualTo("forbidden");
    TraceRecord record = control.awaitRecord(r -> r.reason().equals("not-its-own"));
    assertThat(record.subject()).contains(machine.node().uid());
    assertThat(record.detail().get("detail")).contains(foreign);
    machine.leaves(connection);
  }

  @Test
  void whatCannotBeReadIsRefusedAndTheConnectionStays() {
    MachineFixture machine = control.machine().admitted();
    FrameConnection connection = machine.connects();
    assertThat(machine.hello(connection)).isInstanceOf(Reply.Ok.class);
    assertThat(code(machine.asks(connection, AgentMessages.OBSERVED, "no such thing")))
        .isEqualTo("invalid");
    control.awaitRecord(
        r -> r.reason().equals("invalid") && r.subject().equals(Optional.of(machine.node().uid())));
    assertThat(machine.hello(connection)).isInstanceOf(Reply.Ok.class);
    machine.leaves(connection);
  }

  @Test
  void moreStrangersThanOneMachineNeedsAreTurnedAway() {
    MachineFixture stranger = control.machine();
    List<FrameConnection> all = new ArrayList<>();
    List<ControlLink> kept = new ArrayList<>(); // a link that is collected closes its connection
    for (int i = 0; i < 12; i++) {
      ControlLink link = stranger.newLink();
      kept.add(link);
      all.add(
          stranger.on(() ->
              link.connect(
                  stranger.identity, (operation, body) -> Future.succeededFuture(Reply.ok()))));
    }
    control.awaitRecord(r -> r.reason().equals("too-many-strangers"));
    assertThat(control.refused("too-many-strangers")).isPositive();
    await().atMost(SOON).until(() -> all.stream().anyMatch(FrameConnection::isClosed));
    assertThat(all).filteredOn(c -> !c.isClosed()).hasSizeLessThanOrEqualTo(8);
    all.forEach(stranger::leaves);
    // When they have gone, there is room again.
    await().atMost(SOON).until(() -> code(control.machine().helloOrFailure()).equals("forbidden"));
    assertThat(kept).hasSize(12);
  }
}
