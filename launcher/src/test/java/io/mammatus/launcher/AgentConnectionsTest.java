package io.mammatus.launcher;

import static io.mammatus.launcher.ControlPlaneFixture.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.core.cloud.Command;
import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachinePhase;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.platform.bus.FrameConnection;
import io.mammatus.platform.bus.Reply;
import io.mammatus.platform.json.Json;
import io.mammatus.protocols.agent.AgentMessages;
import io.mammatus.protocols.agent.AgentMessages.Hello;
import io.mammatus.protocols.agent.AgentMessages.Welcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that belong here, with the agent's own link to a control plane on a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentConnectionsTest {

  private final ControlPlaneFixture control;

  AgentConnectionsTest(@TempDir Path folder) throws IOException {
    control = new ControlPlaneFixture(AgentConnectionsTest.class, folder);
  }

  @AfterAll
  void close() {
    control.close();
  }

  @Test
  void aMachineBecomesANodeAndDoesWhatItIsTold() {
    MachineFixture machine = control.machine();
    FrameConnection connection = machine.joins();
    assertThat(machine.resource().status().phase()).isEqualTo(MachinePhase.READY);
    NodeId node = machine.node();
    assertThat(machine.awaitDesired(d -> true).images()).hasSize(1);

    control.apply(
        Kind.INSTANCE, "web", new InstanceSpec("debian-12", "small", "lab", List.of(), null));
    NodeDesired told = machine.awaitDesired(d -> !d.instances().isEmpty());
    assertThat(told.instances())
        .singleElement()
        .satisfies(i -> assertThat(i.name()).isEqualTo("web"));
    NodeObserved.InstanceState running =
        new NodeObserved.InstanceState(
            told.instances().getFirst().id(), NodeObserved.State.RUNNING, "", "");
    assertThat(
            machine.asks(
                connection,
                AgentMessages.OBSERVED,
                new NodeObserved(told.generation(), true, List.of(running))))
        .isInstanceOf(Reply.Ok.class);
    assertThat(control.cloud().instance(running.id()).orElseThrow().status().phase())
        .isEqualTo(InstancePhase.RUNNING);
    assertThat(control.cloud().node(node).orElseThrow().status().observedGeneration())
        .isEqualTo(told.generation());

    control.does(new Command.Delete(Kind.INSTANCE, Metadata.DEFAULT_WORKSPACE, "web", null));
    NodeDesired emptied = machine.awaitDesired(d -> d.instances().isEmpty());
    machine.asks(
        connection,
        AgentMessages.OBSERVED,
        new NodeObserved(emptied.generation(), true, List.of()));
    assertThat(control.cloud().instance(running.id())).isEmpty();

    // What it was comes to the next connection, too; the old one ends.
    FrameConnection again = machine.connects();
    assertThat(machine.hello(again)).isInstanceOf(Reply.Ok.class);
    await().atMost(SOON).until(connection::isClosed);
    control.does(new Command.RevokeNode(machine.resource().name(), "the test is over"));
    await().atMost(SOON).until(again::isClosed);
  }

  @Test
  void theWelcomeSaysWhereFilesAre() {
    MachineFixture machine = control.machine().admitted();
    FrameConnection connection = machine.connects();
    assertThat(machine.hello(connection))
        .isInstanceOfSatisfying(
            Reply.Ok.class,
            ok ->
                assertThat(
                        Json.lenient()
                            .read(new String(ok.body(), StandardCharsets.UTF_8), Welcome.class)
                            .blobs())
                    .isEqualTo("http://127.0.0.1:8080/blobs/sha256/"));
    // Said twice, it is the same node on the same connection.
    assertThat(machine.hello(connection)).isInstanceOf(Reply.Ok.class);
    machine.leaves(connection);
    await().atMost(SOON).until(() -> machine.resource().status().phase() == MachinePhase.LOST);
  }

  /** Its connection ends while the log is written that it is here. */
  @Test
  void aNodeThatGoesDuringItsGreetingIsNotTakenForOneThatStays() {
    MachineFixture machine = control.machine().admitted();
    for (int i = 0; i < 5; i++) {
      FrameConnection connection = machine.connects();
      machine.context.runOnContext(v -> {
        connection
            .request(
                AgentMessages.HELLO,
                Json.lenient().write(new Hello("boot-2", "test")).getBytes(StandardCharsets.UTF_8))
            .onFailure(e -> connection.close("failed"));
        connection.close("in a hurry");
      });
      await().atMost(SOON).until(connection::isClosed);
    }
    await()
        .atMost(SOON)
        .until(() ->
            control.cloud().node(machine.node()).orElseThrow().status().phase() != NodePhase.READY);
  }

  /** What another control plane wrote of it while it was on its way here must not stay so. */
  @Test
  void aNodeThatTheLogLostWhileItIsConnectedConnectsAgain() {
    MachineFixture machine = control.machine();
    FrameConnection connection = machine.joins();
    NodeId node = machine.node();
    control.does(new Command.Disconnect(node, "boot-1", "no control plane hears of it"));
    assertThat(machine.resource().status().phase()).isEqualTo(MachinePhase.LOST);
    await().atMost(SOON).until(connection::isClosed);
    FrameConnection again = machine.connects();
    assertThat(machine.hello(again)).isInstanceOf(Reply.Ok.class);
    assertThat(machine.resource().status().phase()).isEqualTo(MachinePhase.READY);
    machine.leaves(again);
  }

  @Test
  void aCertificateForTheSameKeyIsGivenAgain() {
    MachineFixture machine = control.machine().admitted();
    String again = Objects.requireNonNull(machine.asks().certificate());
    machine.stores(again);
    FrameConnection connection = machine.connects();
    assertThat(machine.hello(connection)).isInstanceOf(Reply.Ok.class);
    machine.leaves(connection);
  }

  @Test
  void whoeverWaitsIsToldThatItsKeyWasAcceptedAndNobodyElseIs() {
    MachineFixture accepted = control.machine().heard();
    MachineFixture other = control.machine().heard();
    AtomicInteger heard = new AtomicInteger();
    AtomicInteger heardByOther = new AtomicInteger();
    accepted.link.onAccepted(heard::incrementAndGet);
    other.link.onAccepted(heardByOther::incrementAndGet);
    assertThat(accepted.waits().certificate()).isNull();
    assertThat(other.waits().certificate()).isNull();

    accepted.accepted();
    await().atMost(SOON).until(() -> heard.get() > 0);
    assertThat(accepted.asks().certificate()).isNotNull();
    // What was sent to it before this answer has arrived before it.
    assertThat(other.asks().certificate()).isNull();
    assertThat(heard).hasValue(1);
    assertThat(heardByOther).hasValue(0);
  }
}
