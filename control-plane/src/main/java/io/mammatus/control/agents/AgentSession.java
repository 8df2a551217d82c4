package io.mammatus.control.agents;

import io.mammatus.control.identity.CertificateAuthority;
import io.mammatus.control.identity.NodeCertificates;
import io.mammatus.control.identity.NodeRequest;
import io.mammatus.control.write.Origin;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.cloud.Failure;
import io.mammatus.core.machine.MachineIdentity;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.planner.DesiredState;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import io.mammatus.platform.bus.FrameConnection;
import io.mammatus.platform.bus.Reply;
import io.mammatus.platform.crash.CrashPoint;
import io.mammatus.platform.json.Json;
import io.mammatus.platform.json.JsonException;
import io.mammatus.protocols.agent.AgentMessages;
import io.mammatus.protocols.agent.AgentMessages.AdmitReply;
import io.mammatus.protocols.agent.AgentMessages.AdmitRequest;
import io.mammatus.protocols.agent.AgentMessages.Hello;
import io.mammatus.protocols.agent.AgentMessages.InventoryReport;
import io.mammatus.protocols.agent.AgentMessages.Welcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One agent's connection: answers what it asks, tells it what it should be. Confined to the
 * connection's event loop.
 */
final class AgentSession implements FrameConnection.Responder {

  private static final System.Logger LOG = System.getLogger(AgentSession.class.getName());
  private static final long RETRY_MILLIS = 1_000;

  /**
   * Who is at the other end.
   *
   * @param node from its certificate
   * @param remote the address it comes from
   * @param blobs where it fetches files
   */
  record Peer(Optional<NodeId> node, String remote, String blobs) {}

  private final Vertx vertx;
  private final Peer peer;
  private final AgentGateway gateway;
  private @Nullable FrameConnection connection;
  private @Nullable MessageConsumer<Buffer> consumer;
  private @Nullable String bootId;
  private @Nullable Mac card;
  private @Nullable Admission waiting;
  private boolean introduced;
  private long sentGeneration = -1;

  /** What this connection asked to be admitted with, and was not yet. */
  private record Admission(Mac card, String fingerprint) {}

  AgentSession(Vertx vertx, Peer peer, AgentGateway gateway) {
    this.vertx = vertx;
    this.peer = peer;
    this.gateway = gateway;
  }

  void attach(FrameConnection fresh) {
    connection = fresh;
  }

  Optional<NodeId> node() {
    return peer.node();
  }

  String remote() {
    return peer.remote();
  }

  Optional<String> bootId() {
    return Optional.ofNullable(bootId);
  }

  void close(String reason) {
    if (consumer != null) {
      consumer.unregister().onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "unregister", e));
      consumer = null;
    }
    if (connection != null) {
      connection.close(reason);
    }
  }

  @Override
  public Future<Reply> answer(String operation, byte[] body) {
    try {
      if (operation.equals(AgentMessages.ADMIT)) {
        return admit(read(body, AdmitRequest.class));
      }
      if (peer.node().isEmpty()) {
        return refuse("no-certificate", operation + " needs a certificate");
      }
      NodeId node = peer.node().get();
      return switch (operation) {
        case AgentMessages.HELLO -> hello(node, read(body, Hello.class));
        case AgentMessages.INVENTORY -> inventory(node, read(body, InventoryReport.class));
        case AgentMessages.OBSERVED -> observed(node, read(body, NodeObserved.class));
        default -> refuse("not-its-own", "a node may not ask for " + operation);
      };
    } catch (JsonException | IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      note("invalid", operation + ": " + message);
      return Future.succeededFuture(new Reply.Failed("invalid", message, "caller"));
    }
  }

  private void note(String reason, String message) {
    gateway
        .refusals()
        .refused(
            new AgentGateway.Refusal(
                peer.node(), Optional.ofNullable(card), peer.remote(), reason, message));
  }

  private Future<Reply> refuse(String reason, String message) {
    note(reason, message);
    return Future.succeededFuture(new Reply.Failed("forbidden", message, "operator"));
  }

  private Future<Reply> admit(AdmitRequest request) {
    card = request.bootMac();
    NodeRequest signed = NodeRequest.parse(request.csr());
    Command command =
        new Command.RequestAdmission(
            request.bootMac(),
            signed.fingerprint(),
            IpAddress.parse(peer.remote()),
            new NodeId(new Uid(UUID.randomUUID())));
    return gateway
        .writer()
        .submit(command, Origin.of("agent:" + peer.remote(), "bus:admit"))
        .compose(outcome ->
            switch (outcome) {
              case Outcome.Failed(Failure failure) -> refuse(failure);
              case Outcome.Done(Cloud cloud) -> certify(cloud, request, signed);
            });
  }

  private Future<Reply> refuse(Failure failure) {
    return Future.succeededFuture(refused(failure));
  }

  /** A certificate if this key is the one that was accepted; else the news that it waits. */
  private Future<Reply> certify(Cloud cloud, AdmitRequest request, NodeRequest signed) {
    Admission admission = new Admission(request.bootMac(), signed.fingerprint());
    String name = machine(cloud, admission).map(Resource::name).orElse(null);
    Optional<NodeId> node = admitted(cloud, admission);
    if (node.isEmpty()) {
      waiting = admission;
      return ok(new AdmitReply(null, name));
    }
    CrashPoint.BEFORE_CERTIFICATE.pass();
    X509Certificate certificate =
        gateway.ca().issueNode(signed.publicKey(), NodeCertificates.uri(node.get()));
    CrashPoint.BEFORE_CERTIFICATE_RECORD.pass();
    return gateway
        .writer()
        .submit(
            new Command.RecordCertificate(
                node.get(),
                certificate.getSerialNumber().toString(16),
                certificate.getNotAfter().toInstant()),
            Origin.of("control-plane", "bus:admit"))
        .compose(outcome ->
            switch (outcome) {
              case Outcome.Failed(Failure failure) -> refuse(failure);
              case Outcome.Done done -> {
                CrashPoint.BEFORE_CERTIFICATE_REPLY.pass();
                yield ok(new AdmitReply(pem(certificate), name));
              }
            });
  }

  private static Optional<Resource<MachineSpec, MachineStatus>> machine(
      Cloud cloud, Admission admission) {
    return MachineIdentity.byCard(cloud, admission.card()).flatMap(cloud::machine);
  }

  /** The node that this key was accepted as. */
  private static Optional<NodeId> admitted(Cloud cloud, Admission admission) {
    return machine(cloud, admission)
        .map(m -> m.status().node())
        .filter(id ->
            cloud
                .node(id)
                .filter(n -> n.status().fingerprint().equals(admission.fingerprint()))
                .isPresent());
  }

  /** Tells an agent that waits for the operator's word that it was given. */
  void hint(Cloud cloud) {
    Admission asked = waiting;
    FrameConnection now = connection;
    if (asked != null && now != null && admitted(cloud, asked).isPresent()) {
      waiting = null;
      now.request(AgentMessages.ACCEPTED, new byte[0])
          .onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "a hint was not heard", e));
    }
  }

  private static String pem(X509Certificate certificate) {
    try {
      return CertificateAuthority.pem(certificate);
    } catch (IOException e) {
      throw new IllegalStateException("a certificate that was made can be written", e);
    }
  }

  private Future<Reply> hello(NodeId node, Hello hello) {
    return submit(new Command.Connect(node, hello.bootId()), node, "bus:hello")
        .compose(outcome ->
            switch (outcome) {
              case Outcome.Failed(Failure failure) -> refuse(failure);
              case Outcome.Done(Cloud cloud) -> welcome(node, hello, cloud);
            });
  }

  private Future<Reply> welcome(NodeId node, Hello hello, Cloud cloud) {
    bootId = hello.bootId();
    if (connection == null || connection.isClosed()) {
      // It went while the log was written: the log says that it is here, and it is not.
      gateway.missed(node, hello.bootId(), "the connection ended during the greeting");
      return Future.succeededFuture(Reply.retry("closed", "the connection is closed"));
    }
    if (consumer == null) {
      consumer =
          vertx
              .eventBus()
              .localConsumer(AgentGateway.address(node), message -> deliver(message.body()));
    }
    gateway.welcome(node, this);
    String name = cloud.node(node).map(Resource::name).orElse("");
    return ok(new Welcome(name, System.currentTimeMillis(), peer.blobs()));
  }

  private Future<Reply> inventory(NodeId node, InventoryReport report) {
    return submit(
            new Command.ReportInventory(node, report.inventory(), report.capacity()),
            node,
            "bus:inventory")
        .map(outcome -> {
          // Only now is it ready to be told anything.
          introduced = outcome instanceof Outcome.Done;
          push(gateway.view().cloud());
          return reply(outcome);
        });
  }

  private Future<Reply> observed(NodeId node, NodeObserved observed) {
    return submit(new Command.ReportObserved(node, observed), node, "bus:observed")
        .map(this::reply);
  }

  private Future<Outcome> submit(Command command, NodeId node, String cause) {
    String name = gateway.view().cloud().node(node).map(Resource::name).orElse(node.toString());
    return gateway.writer().submit(command, Origin.of("node:" + name, cause));
  }

  /**
   * Tells the node what it should be, if that is news to it. Cuts it off if it is a node no more.
   */
  void push(Cloud cloud) {
    NodeId node = peer.node().orElse(null);
    if (node == null || bootId == null) {
      return;
    }
    boolean live =
        cloud.node(node).filter(n -> n.status().phase() != NodePhase.REVOKED).isPresent();
    if (!live) {
      close("the node's certificate was revoked");
      return;
    }
    NodeDesired desired = introduced ? DesiredState.of(cloud, node).orElse(null) : null;
    if (desired == null || desired.generation() == sentGeneration) {
      return;
    }
    sentGeneration = desired.generation();
    vertx.eventBus().send(AgentGateway.address(node), Buffer.buffer(Json.lenient().write(desired)));
  }

  private void deliver(Buffer desired) {
    FrameConnection now = connection;
    if (now == null) {
      return;
    }
    now.request(AgentMessages.DESIRED, desired.getBytes())
        .onSuccess(reply -> {
          if (reply instanceof Reply.Failed failed) {
            LOG.log(System.Logger.Level.WARNING, "not told: {0}", failed.message());
            sentGeneration = -1;
            vertx.setTimer(RETRY_MILLIS, timer -> push(gateway.view().cloud()));
          }
        })
        .onFailure(e -> close(String.valueOf(e.getMessage())));
  }

  private Reply reply(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> Reply.ok();
      case Outcome.Failed(Failure failure) -> refused(failure);
    };
  }

  /** What only has to be tried again is no refusal; everything else is put on record. */
  private Reply refused(Failure failure) {
    if (failure.actor() != Failure.WhoActs.NOBODY_RETRY) {
      note(code(failure), failure.message());
    }
    return new Reply.Failed(code(failure), failure.message(), word(failure.actor()));
  }

  private static String code(Failure failure) {
    return word(failure.code());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Future<Reply> ok(Object body) {
    return Future.succeededFuture(
        new Reply.Ok(Json.lenient().write(body).getBytes(StandardCharsets.UTF_8)));
  }

  private static <T> T read(byte[] body, Class<T> type) {
    return Json.lenient().read(new String(body, StandardCharsets.UTF_8), type);
  }
}
