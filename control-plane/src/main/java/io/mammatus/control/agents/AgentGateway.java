package io.mammatus.control.agents;

import io.mammatus.control.identity.CertificateAuthority;
import io.mammatus.control.identity.NodeCertificates;
import io.mammatus.control.identity.ServerTls;
import io.mammatus.control.write.CloudWriter;
import io.mammatus.control.write.Origin;
import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.platform.bus.FrameConnection;
import io.mammatus.platform.bus.Limits;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where agents connect. The certificate says which node a connection is; nothing that is sent over
 * it does. A connection without a certificate may only ask for admission.
 *
 * <p>Each connected node has one consumer on the event bus, at {@link #address}: whoever has
 * something for a node sends it there.
 */
public final class AgentGateway extends VerticleBase {

  private static final System.Logger LOG = System.getLogger(AgentGateway.class.getName());

  /** Connections that have not shown a certificate. */
  private static final int MAX_STRANGERS = 1024;

  /** The same, from one address: machines do not share one. */
  private static final int MAX_STRANGERS_EACH = 8;

  /** To ask for admission takes one request; whoever stays longer wants something else. */
  private static final long STRANGER_MILLIS = 20_000;

  /** A node that comes back within this time was never gone, as far as the log is concerned. */
  private static final long GRACE_MILLIS = 5_000;

  private static final long NO_TIMER = -1;

  private final Settings settings;
  private final CloudView view;
  private final CloudWriter writer;
  private final CertificateAuthority ca;
  private final Refusals refusals;
  private final Map<NodeId, AgentSession> sessions = new HashMap<>();
  private final Set<AgentSession> unadmitted = new HashSet<>();
  private final CloudView.Listener listener = this::changed;
  private final Map<String, Integer> strangers = new HashMap<>();
  private @Nullable NetServer server;

  /**
   * Where it listens.
   *
   * @param host the address to bind, {@code 0.0.0.0} for all
   * @param httpPort where the boot server offers files by digest
   */
  public record Settings(String host, int port, int httpPort, List<String> names) {}

  /** Told of what is not let in. */
  public interface Refusals {
    void refused(Refusal refusal);
  }

  /**
   * Something that was not let in.
   *
   * @param node the node that the certificate names, if there was one
   * @param card the network card that it says it has, if it said so
   * @param remote the address it came from; empty where that is not known
   * @param reason a stable code
   */
  public record Refusal(
      Optional<NodeId> node, Optional<Mac> card, String remote, String reason, String detail) {}

  public AgentGateway(
      Settings settings,
      CloudView view,
      CloudWriter writer,
      CertificateAuthority ca,
      Refusals refusals) {
    this.settings = settings;
    this.view = view;
    this.writer = writer;
    this.ca = ca;
    this.refusals = refusals;
  }

  /** The event bus address of a node that is connected to this process. */
  public static String address(NodeId node) {
    return "node." + node;
  }

  @Override
  public Future<?> start() {
    view.listen(listener);
    NetServerOptions options =
        new NetServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setSsl(true)
            .setSslHandshakeTimeout(10)
            .setClientAuth(ClientAuth.REQUEST)
            .setKeyCertOptions(ServerTls.keyCert(ca, settings.names()))
            .setTrustOptions(ServerTls.trust(ca));
    server = vertx.createNetServer(options);
    return server
        .connectHandler(this::connected)
        .exceptionHandler(
            e -> refuse(Optional.empty(), "", TlsRefusal.reason(e), String.valueOf(e.getMessage())))
        .listen();
  }

  /** The port that it listens on, once deployed: another than asked for if that was 0. */
  public int port() {
    return Objects.requireNonNull(server).actualPort();
  }

  @Override
  public Future<?> stop() {
    view.forget(listener);
    return Future.succeededFuture();
  }

  /** The nodes that are connected here. Call it on the gateway's own event loop. */
  public Set<NodeId> connectedNodes() {
    return Set.copyOf(sessions.keySet());
  }

  public Context eventLoop() {
    return context;
  }

  private void connected(NetSocket socket) {
    Optional<NodeId> node = peer(socket);
    String remote = remote(socket);
    if (node.isEmpty() && !letStrangerIn(remote)) {
      refuse(node, remote, "too-many-strangers", "");
      socket.close().onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "close", e));
      return;
    }
    AgentSession session =
        new AgentSession(vertx, new AgentSession.Peer(node, remote, blobs(socket)), this);
    FrameConnection connection =
        new FrameConnection(
            vertx, socket, session, node.isPresent() ? Limits.MEMBER : Limits.STRANGER);
    session.attach(connection);
    if (node.isEmpty()) {
      unadmitted.add(session);
    }
    long deadline =
        node.isPresent()
            ? NO_TIMER
            : vertx.setTimer(STRANGER_MILLIS, timer -> connection.close("no certificate"));
    connection.onClose(reason -> {
      if (node.isEmpty()) {
        vertx.cancelTimer(deadline);
        unadmitted.remove(session);
        strangers.computeIfPresent(remote, (address, n) -> n == 1 ? null : n - 1);
      }
      ended(session, reason);
    });
  }

  private void refuse(Optional<NodeId> node, String remote, String reason, String detail) {
    refusals.refused(new Refusal(node, Optional.empty(), remote, reason, detail));
  }

  private boolean letStrangerIn(String remote) {
    int all = strangers.values().stream().mapToInt(n -> n).sum();
    if (all >= MAX_STRANGERS || strangers.getOrDefault(remote, 0) >= MAX_STRANGERS_EACH) {
      return false;
    }
    strangers.merge(remote, 1, Integer::sum);
    return true;
  }

  private static String remote(NetSocket socket) {
    return socket.remoteAddress().hostAddress();
  }

  private String blobs(NetSocket socket) {
    return "http://%s:%d/blobs/sha256/"
        .formatted(socket.localAddress().hostAddress(), settings.httpPort());
  }

  private static Optional<NodeId> peer(NetSocket socket) {
    try {
      return socket.peerCertificates().stream()
          .findFirst()
          .flatMap(certificate -> NodeCertificates.node((X509Certificate) certificate));
    } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /** The session is the node's from now on; an older one of the same node ends. */
  void welcome(NodeId node, AgentSession session) {
    AgentSession old = sessions.put(node, session);
    if (old != null && old != session) {
      old.close("the node connected again");
    }
  }

  private void ended(AgentSession session, String reason) {
    session.close(reason);
    if (reason.startsWith(FrameConnection.MALFORMED)) {
      refuse(session.node(), session.remote(), "malformed-frame", reason);
    }
    session
        .node()
        .filter(node -> sessions.remove(node, session))
        .ifPresent(node -> session.bootId().ifPresent(bootId -> missed(node, bootId, reason)));
  }

  /** The log calls this node ready, and its connection is gone: it gets a moment to come back. */
  void missed(NodeId node, String bootId, String reason) {
    vertx.setTimer(
        GRACE_MILLIS,
        timer -> {
          if (!sessions.containsKey(node)) {
            submitLoss(node, bootId, reason);
          }
        });
  }

  private void submitLoss(NodeId node, String bootId, String reason) {
    writer
        .submit(
            new Command.Disconnect(node, bootId, reason),
            Origin.of("control-plane", "bus:disconnect"))
        .onFailure(e -> LOG.log(System.Logger.Level.WARNING, "a loss was not recorded", e));
  }

  /**
   * Nodes whose desired state changed are told, and agents whose key was accepted; nodes that were
   * revoked are cut off.
   */
  private void changed(Cloud before, Cloud after, List<LogEntry> entries) {
    context.runOnContext(v -> {
      List.copyOf(sessions.values()).forEach(s -> s.push(after));
      unadmitted.forEach(s -> s.hint(after));
    });
  }

  /** A node that the log lost and that is connected here says so by connecting again. */
  void renewLost(Cloud cloud) {
    for (NodeId node : connectedNodes()) {
      boolean lost = cloud.node(node).filter(n -> n.status().phase() == NodePhase.LOST).isPresent();
      AgentSession session = sessions.get(node);
      if (lost && session != null) {
        session.close("the log says that this node is gone: connect again");
      }
    }
  }

  CloudView view() {
    return view;
  }

  CloudWriter writer() {
    return writer;
  }

  CertificateAuthority ca() {
    return ca;
  }

  Refusals refusals() {
    return refusals;
  }
}
