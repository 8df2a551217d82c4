package io.mammatus.launcher.services;

import static io.mammatus.store.testing.TestDatabase.await;

import io.mammatus.agent.identity.NodeIdentity;
import io.mammatus.agent.identity.PinnedCa;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.NodeStatus.Capacity;
import io.mammatus.platform.bus.FrameConnection;
import io.mammatus.platform.bus.Limits;
import io.mammatus.platform.bus.Reply;
import io.mammatus.platform.json.Json;
import io.mammatus.protocols.agent.AgentMessages;
import io.mammatus.protocols.agent.AgentMessages.AdmitReply;
import io.mammatus.protocols.agent.AgentMessages.AdmitRequest;
import io.mammatus.protocols.agent.AgentMessages.Hello;
import io.mammatus.protocols.agent.AgentMessages.InventoryReport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent that asks exactly what it is told to, each time once. It calls from the address that the
 * cloud gave its machine.
 */
final class TestAgent {

  private final Vertx vertx;
  private final Mac mac;
  private final NodeIdentity identity;
  private final NetClientOptions options;
  private final String host;
  private final int port;
  private @Nullable NetClient client;

  TestAgent(Vertx vertx, Mac mac, Path folder, String ca, String address, String host, int port)
      throws IOException {
    this.vertx = vertx;
    this.mac = mac;
    this.identity = NodeIdentity.loadOrCreate(folder);
    this.host = host;
    this.port = port;
    this.options =
        new NetClientOptions()
            .setSsl(true)
            .setHostnameVerificationAlgorithm("")
            .setLocalAddress(address)
            .setTrustOptions(TrustOptions.wrap(new PinnedCa(ca)));
  }

  Mac mac() {
    return mac;
  }

  String fingerprint() {
    return identity.fingerprint();
  }

  /** Asks for admission once; the certificate is null while nobody accepted the key. */
  AdmitReply ask() throws IOException {
    return read(
        connect(new NetClientOptions(options))
            .request(AgentMessages.ADMIT, bytes(new AdmitRequest(mac, identity.signingRequest()))),
        AdmitReply.class);
  }

  /** Connects with a certificate, and reports a machine with room. */
  void join(String certificate) throws IOException {
    FrameConnection connection =
        connect(
            new NetClientOptions(options)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setKeyValue(Buffer.buffer(identity.privateKeyPem()))
                        .setCertValue(Buffer.buffer(certificate))));
    demand(connection.request(AgentMessages.HELLO, bytes(new Hello("boot-1", "test"))));
    Inventory hardware =
        new Inventory("test", 8, 16_384, "bios", null, null, null, null, List.of(), List.of());
    demand(
        connection.request(
            AgentMessages.INVENTORY,
            bytes(new InventoryReport(hardware, new Capacity(8, 16_384, 100, true)))));
  }

  private FrameConnection connect(NetClientOptions with) {
    NetClient fresh = vertx.createNetClient(with);
    client = fresh; // kept: one that is collected closes its connections
    return await(
        fresh
            .connect(port, host)
            .map(socket ->
                new FrameConnection(
                    vertx,
                    socket,
                    (operation, body) -> Future.succeededFuture(Reply.ok()),
                    Limits.MEMBER)));
  }

  private static Reply.Ok demand(Future<Reply> asked) throws IOException {
    return switch (await(asked)) {
      case Reply.Ok ok -> ok;
      case Reply.Failed failed -> throw new IOException(failed.message());
    };
  }

  private static <T> T read(Future<Reply> asked, Class<T> type) throws IOException {
    return Json.lenient().read(new String(demand(asked).body(), StandardCharsets.UTF_8), type);
  }

  private static byte[] bytes(Object message) {
    return Json.lenient().write(message).getBytes(StandardCharsets.UTF_8);
  }
}
