package io.mammatus.agent.link;

import io.mammatus.agent.AgentConfig;
import io.mammatus.agent.identity.NodeIdentity;
import io.mammatus.agent.identity.PinnedCa;
import io.mammatus.platform.bus.FrameConnection;
import io.mammatus.platform.bus.Limits;
import io.mammatus.platform.bus.Reply;
import io.mammatus.platform.json.Json;
import io.mammatus.protocols.agent.AgentMessages;
import io.mammatus.protocols.agent.AgentMessages.AdmitReply;
import io.mammatus.protocols.agent.AgentMessages.AdmitRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the control plane: one without a certificate to ask for admission, one with
 * it for everything else. Believes only the CA whose fingerprint came with the boot script.
 */
public final class ControlLink {

  private static final System.Logger LOG = System.getLogger(ControlLink.class.getName());
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private final Vertx vertx;
  private final AgentConfig config;

  private final NetClient stranger;

  private @Nullable Future<FrameConnection> asking;

  private Runnable accepted = () -> {};

  /** Kept, because a client that is collected closes its connections. */
  private @Nullable NetClient member;

  public ControlLink(Vertx vertx, AgentConfig config) {
    this.vertx = vertx;
    this.config = config;
    this.stranger = vertx.createNetClient(options());
  }

  private NetClientOptions options() {
    return new NetClientOptions()
        .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
        .setSsl(true)
        .setHostnameVerificationAlgorithm("")
        .setTrustOptions(TrustOptions.wrap(new PinnedCa(config.ca())));
  }

  /** Connects with the node's certificate; an earlier connection ends. */
  public Future<FrameConnection> connect(
      NodeIdentity identity, FrameConnection.Responder responder) {
    NetClient client;
    try {
      NetClientOptions options = options();
      Optional<String> certificate = identity.certificate();
      if (certificate.isPresent()) {
        options.setKeyCertOptions(
            new PemKeyCertOptions()
                .setKeyValue(Buffer.buffer(identity.privateKeyPem()))
                .setCertValue(Buffer.buffer(certificate.get())));
      }
      client = vertx.createNetClient(options);
      replaceMember(client);
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
    return client
        .connect(config.control().port(), config.control().host())
        .map(socket -> new FrameConnection(vertx, socket, responder, Limits.MEMBER));
  }

  private void replaceMember(NetClient fresh) {
    NetClient old = member;
    member = fresh;
    if (old != null) {
      old.close().onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "close", e));
    }
  }

  /**
   * Opens the connection that admission is asked for on before there is a key to ask with: a
   * handshake is dear on small machines, and meanwhile they look for their disks.
   */
  public void prepareAdmission() {
    admissionConnection().onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "not yet", e));
  }

  /** What to do when the control plane says that the key was accepted: ask again. */
  public void onAccepted(Runnable action) {
    accepted = action;
  }

  /**
   * Asks to be let in. The reply has no certificate while nobody accepted the key. Asked again, it
   * uses the connection of the last time if that is still there.
   */
  public Future<AdmitReply> askAdmission(NodeIdentity identity) {
    byte[] body;
    try {
      body =
          Json.lenient()
              .write(new AdmitRequest(config.bootMac(), identity.signingRequest()))
              .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
    return admissionConnection()
        .compose(connection -> connection.request(AgentMessages.ADMIT, body))
        .map(reply ->
            switch (reply) {
              case Reply.Ok(byte[] bytes) ->
                  Json.lenient().read(new String(bytes, StandardCharsets.UTF_8), AdmitReply.class);
              case Reply.Failed failed -> throw new RefusedException(failed);
            });
  }

  private Future<FrameConnection> admissionConnection() {
    Future<FrameConnection> open = asking;
    boolean usable =
        open != null && !open.failed() && !(open.isComplete() && open.result().isClosed());
    if (open != null && usable) {
      return open;
    }
    Future<FrameConnection> fresh =
        stranger
            .connect(config.control().port(), config.control().host())
            .map(socket -> new FrameConnection(vertx, socket, this::hear, Limits.MEMBER));
    asking = fresh;
    return fresh;
  }

  private Future<Reply> hear(String operation, byte[] body) {
    if (operation.equals(AgentMessages.ACCEPTED)) {
      accepted.run();
      return Future.succeededFuture(Reply.ok());
    }
    return Future.succeededFuture(Reply.retry("not-yet", "not admitted yet"));
  }

  /** Ends the connection that admission was asked for on. */
  public void endAdmission() {
    Future<FrameConnection> open = asking;
    asking = null;
    if (open != null) {
      open.onSuccess(connection -> connection.close("admitted"))
          .onFailure(e -> LOG.log(System.Logger.Level.DEBUG, "there was none", e));
    }
  }
}
