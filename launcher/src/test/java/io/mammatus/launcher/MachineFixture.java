package io.mammatus.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.agent.AgentConfig;
import io.mammatus.agent.identity.NodeIdentity;
import io.mammatus.agent.link.ControlLink;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.net.Mac;
import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodeStatus.Capacity;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import io.mammatus.platform.bus.FrameConnection;
import io.mammatus.platform.bus.Reply;
import io.mammatus.platform.json.Json;
import io.mammatus.protocols.agent.AgentMessages;
import io.mammatus.protocols.agent.AgentMessages.AdmitReply;
import io.mammatus.protocols.agent.AgentMessages.Hello;
import io.mammatus.protocols.agent.AgentMessages.InventoryReport;
import io.mammatus.store.testing.TestDatabase;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A machine with the agent's own link to the control plane; what it is asked to do is done on an
 * event loop of its own, and waited for.
 */
final class MachineFixture {
  final Mac mac;
  final NodeIdentity identity;
  final ControlLink link;
  final Context context;
  private final ControlPlaneFixture control;
  private final AgentConfig config;
  private final String name;
  private final BlockingQueue<NodeDesired> desired = new LinkedBlockingQueue<>();

  /**
   * @param number of the machine: its name and its card's address come from it
   * @param authority the fingerprint of the CA that it trusts
   * @param folder where its key is kept, in a folder of its own
   */
  MachineFixture(ControlPlaneFixture control, int number, String authority, Path folder) {
    this.control = control;
    mac = new Mac(0x525400000000L + number);
    name = "machine-" + number;
    context = control.vertx().getOrCreateContext();
    config = new AgentConfig(control.agents(), authority, mac, folder, false, Optional.empty());
    try {
      identity = NodeIdentity.loadOrCreate(folder.resolve("agent-" + number));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    link = newLink();
  }

  /** Another link of the same agent. */
  ControlLink newLink() {
    return new ControlLink(control.vertx(), config);
  }

  /** Heard on the wire; the address that it keeps is set to the one that it calls from. */
  MachineFixture heard() {
    control.does(
        new Command.Apply(
            Kind.MACHINE,
            new Uid(UUID.randomUUID()),
            Metadata.DEFAULT_WORKSPACE,
            name,
            Map.of(),
            new MachineSpec(List.of(mac), null, null),
            null));
    return this;
  }

  Resource<MachineSpec, MachineStatus> resource() {
    return control
        .cloud()
        .machine(new MachineId(control.cloud().owner(mac).orElseThrow().id()))
        .orElseThrow();
  }

  NodeId node() {
    return Objects.requireNonNull(resource().status().node());
  }

  <T> T on(Supplier<Future<T>> action) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(v -> action.get().onComplete(promise));
    return TestDatabase.await(promise.future());
  }

  AdmitReply asks() {
    return on(() -> link.askAdmission(identity).onComplete(done -> link.endAdmission()));
  }

  /** Asks, and stays connected for the news. */
  AdmitReply waits() {
    return on(() -> link.askAdmission(identity));
  }

  void accepted() {
    control.does(
        new Command.AcceptMachine(
            resource().name(),
            identity.fingerprint(),
            false,
            new NodeId(new Uid(UUID.randomUUID()))));
  }

  void stores(String certificate) {
    try {
      identity.store(certificate);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Heard, accepted by an operator, with a certificate. */
  MachineFixture admitted() {
    heard();
    assertThat(asks().certificate()).isNull();
    accepted();
    String certificate = Objects.requireNonNull(asks().certificate());
    stores(certificate);
    return this;
  }

  FrameConnection connects() {
    return on(() ->
        link.connect(
            identity,
            (operation, body) -> {
              desired.add(
                  Json.lenient().read(new String(body, StandardCharsets.UTF_8), NodeDesired.class));
              return Future.succeededFuture(Reply.ok());
            }));
  }

  Reply asks(FrameConnection connection, String operation, Object body) {
    return on(() ->
        connection.request(operation, Json.lenient().write(body).getBytes(StandardCharsets.UTF_8)));
  }

  Reply hello(FrameConnection connection) {
    return asks(connection, AgentMessages.HELLO, new Hello("boot-1", "test"));
  }

  /** All the way: admitted, greeted, its hardware told. */
  FrameConnection joins() {
    admitted();
    FrameConnection connection = connects();
    assertThat(hello(connection)).isInstanceOf(Reply.Ok.class);
    assertThat(asks(connection, AgentMessages.INVENTORY, hardware())).isInstanceOf(Reply.Ok.class);
    return connection;
  }

  InventoryReport hardware() {
    return new InventoryReport(
        new Inventory(
            "cpu",
            2,
            2048,
            "bios",
            null,
            null,
            null,
            null,
            List.of(),
            List.of(new Inventory.Nic("eth0", mac, true, true))),
        new Capacity(2, 1024, 20, true));
  }

  NodeDesired awaitDesired(Predicate<NodeDesired> wanted) {
    try {
      for (int i = 0; i < 20; i++) {
        NodeDesired state = desired.poll(ControlPlaneFixture.SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(state).isNotNull();
        if (wanted.test(state)) {
          return state;
        }
      }
      throw new AssertionError("the wanted state did not come");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  void leaves(FrameConnection connection) {
    context.runOnContext(v -> connection.close("leaves"));
  }

  /** Under TLS 1.3 a client may think that it is connected before its certificate was judged. */
  Reply helloOrFailure() {
    return on(() ->
        link.connect(identity, (operation, body) -> Future.succeededFuture(Reply.ok()))
            .compose(connection -> connection.request(AgentMessages.HELLO, new byte[0]))
            .otherwise(e -> Reply.retry("closed", String.valueOf(e.getMessage()))));
  }
}
