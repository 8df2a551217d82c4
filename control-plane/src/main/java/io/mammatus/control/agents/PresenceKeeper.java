package io.mammatus.control.agents;

import io.mammatus.control.write.CloudWriter;
import io.mammatus.control.write.Origin;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.core.resource.NodeSpec;
import io.mammatus.core.resource.NodeStatus;
import io.mammatus.core.resource.Resource;
import io.mammatus.store.presence.Presence;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Finds nodes that the log calls ready and nobody holds a connection of: their control plane died.
 * Every process confirms its own nodes; the one that leads looks for those that nobody confirmed.
 */
public final class PresenceKeeper {

  private static final System.Logger LOG = System.getLogger(PresenceKeeper.class.getName());

  /**
   * How often it looks, and how old a confirmation may be.
   *
   * @param patience more than two rounds, or a slow database makes nodes look lost
   */
  record Rhythm(Duration every, Duration patience) {
    static final Rhythm USUAL = new Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(25));
  }

  private final Rhythm rhythm;
  private final UUID server = UUID.randomUUID();
  private final Vertx vertx;
  private final Presence presence;
  private final AgentGateway gateway;
  private final CloudView view;
  private final CloudWriter writer;
  private final Unconfirmed unconfirmed = new Unconfirmed();
  private long ledRounds;

  public PresenceKeeper(
      Vertx vertx, Presence presence, AgentGateway gateway, CloudView view, CloudWriter writer) {
    this(Rhythm.USUAL, vertx, presence, gateway, view, writer);
  }

  PresenceKeeper(
      Rhythm rhythm,
      Vertx vertx,
      Presence presence,
      AgentGateway gateway,
      CloudView view,
      CloudWriter writer) {
    this.rhythm = rhythm;
    this.vertx = vertx;
    this.presence = presence;
    this.gateway = gateway;
    this.view = view;
    this.writer = writer;
  }

  /** Begins; on the gateway's event loop. */
  public void start() {
    gateway
        .eventLoop()
        .runOnContext(v -> vertx.setPeriodic(rhythm.every().toMillis(), timer -> round()));
  }

  private void round() {
    ledRounds = writer.leads() ? ledRounds + 1 : 0;
    gateway.renewLost(view.cloud());
    presence
        .confirm(server, gateway.connectedNodes())
        .compose(v ->
            isSettled()
                ? presence.confirmedWithin(rhythm.patience()).onSuccess(this::sweep)
                : Future.succeededFuture())
        .onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "presence", e));
  }

  /** After a change of leadership the nodes first get time to come back. */
  private boolean isSettled() {
    return rhythm.every().multipliedBy(ledRounds).compareTo(rhythm.patience()) > 0;
  }

  private void sweep(Set<NodeId> confirmed) {
    Map<NodeId, String> seen = new HashMap<>();
    for (Resource<NodeSpec, NodeStatus> node : view.cloud().nodes()) {
      NodeId id = new NodeId(node.id());
      String bootId = node.status().bootId();
      if (node.status().phase() == NodePhase.READY && bootId != null && !confirmed.contains(id)) {
        seen.put(id, bootId);
      }
    }
    Set<NodeId> gone = unconfirmed.round(seen);
    seen.keySet().retainAll(gone);
    seen.keySet().removeAll(gateway.connectedNodes());
    seen.forEach(this::lose);
  }

  private void lose(NodeId node, String bootId) {
    writer
        .submit(
            new Command.Disconnect(node, bootId, "no control plane hears of it"),
            Origin.of("control-plane", "presence"))
        .onFailure(e -> LOG.log(System.Logger.Level.WARNING, "sweep", e));
  }
}
