package io.mammatus.agent;

import io.mammatus.agent.disk.StateDisk;
import io.mammatus.agent.identity.Fingerprints;
import io.mammatus.agent.identity.Pem;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.platform.bus.FrameConnection;
import io.mammatus.platform.bus.Limits;
import io.mammatus.platform.bus.Reply;
import io.mammatus.platform.config.HostPort;
import io.mammatus.platform.json.Json;
import io.mammatus.protocols.agent.AgentMessages;
import io.mammatus.protocols.agent.AgentMessages.AdmitReply;
import io.mammatus.protocols.agent.AgentMessages.AdmitRequest;
import io.mammatus.protocols.agent.AgentMessages.Welcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A start of the agent against a control plane inside the same process: asked, admitted, greeted,
 * told, reported. The JVM remembers what that loaded and linked (JEP 514), so that a real start
 * finds it ready. Nothing of it lasts: its keys are made for it and go with it.
 */
final class Training {

  private static final long LIMIT_MILLIS = 60_000;

  private final Vertx vertx = Vertx.vertx();
  private final TrainingCa ca;
  private final Path state;
  private @Nullable FrameConnection member;
  private boolean asked;

  private Training(TrainingCa ca, Path state) {
    this.ca = ca;
    this.state = state;
  }

  /** Ends the process: with 0 when the agent has reported what it was told to bring up. */
  static void run() throws IOException {
    try {
      new Training(new TrainingCa(), Files.createTempDirectory("training")).start();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private void start() throws IOException, GeneralSecurityException {
    readAsAtBoot();
    NetServer server =
        vertx.createNetServer(
            new NetServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setSsl(true)
                .setClientAuth(ClientAuth.REQUEST)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(ca.pem())))
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setKeyValue(Buffer.buffer(ca.serverKey()))
                        .setCertValue(Buffer.buffer(ca.serverChain()))));
    Mac card = card();
    String fingerprint = Fingerprints.of(ca.certificate());
    server
        .connectHandler(this::connected)
        .listen()
        .onSuccess(listening ->
            startAgent(
                new AgentConfig(
                    new HostPort("127.0.0.1", listening.actualPort()),
                    fingerprint,
                    card,
                    state,
                    false,
                    card.bits() == 0
                        ? Optional.empty()
                        : Optional.of(state.resolve("no-lxd.socket")))))
        .onFailure(e -> end(1));
    vertx.setTimer(LIMIT_MILLIS, timer -> end(1));
  }

  /** On a thread that is not this server's, as in a real start. */
  private static void startAgent(AgentConfig config) {
    Thread.ofPlatform().name("main").start(() -> Main.start(config));
  }

  /** What only a booted machine does, done once with what is here. */
  private static void readAsAtBoot() throws IOException {
    AgentConfig booted =
        KernelArguments.read(
            "mammatus.control=10.88.0.1:8444 BOOTIF=01-52-54-00-00-00-0a mammatus.ca=sha256:"
                + "0".repeat(64));
    Process process = new ProcessBuilder("true").redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    StateDisk.Result none = new StateDisk.Result.None("training");
    StateDisk.Result mounted = new StateDisk.Result.Mounted();
    System.getLogger("training")
        .log(System.Logger.Level.DEBUG, "{0} {1} {2}", booted, none, mounted);
  }

  /** A card of this machine, so that the agent finds the one that it booted from. */
  private static Mac card() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(nic -> address(nic).stream())
        .findFirst()
        .orElse(new Mac(0));
  }

  private static Optional<Mac> address(NetworkInterface nic) {
    try {
      byte[] octets = nic.getHardwareAddress();
      return octets == null || octets.length != 6
          ? Optional.empty()
          : Optional.of(Mac.of(octets, 0)).filter(mac -> mac.bits() != 0 && !mac.isGroup());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void connected(NetSocket socket) {
    member = new FrameConnection(vertx, socket, this::answer, Limits.MEMBER);
  }

  private Future<Reply> answer(String operation, byte[] body) {
    return switch (operation) {
      case AgentMessages.ADMIT -> admit(body);
      case AgentMessages.HELLO ->
          ok(new Welcome("training", System.currentTimeMillis(), "http://127.0.0.1:1/"));
      case AgentMessages.INVENTORY -> {
        vertx.setTimer(1, timer -> tell());
        yield Future.succeededFuture(Reply.ok());
      }
      case AgentMessages.OBSERVED -> {
        vertx.setTimer(500, timer -> end(0));
        yield Future.succeededFuture(Reply.ok());
      }
      default -> Future.succeededFuture(Reply.retry("unknown", operation));
    };
  }

  /** Once put off, then admitted. */
  private Future<Reply> admit(byte[] body) {
    if (!asked) {
      asked = true;
      return ok(new AdmitReply(null, "training"));
    }
    AdmitRequest request =
        Json.lenient().read(new String(body, StandardCharsets.UTF_8), AdmitRequest.class);
    try {
      // The key is taken from where the agent keeps it: a request is not read here.
      PublicKey key =
          KeyFactory.getInstance("EC")
              .generatePublic(
                  new X509EncodedKeySpec(
                      Pem.read("PUBLIC KEY", Files.readString(state.resolve("agent/public.pem")))));
      System.getLogger("training").log(System.Logger.Level.DEBUG, request);
      return ok(new AdmitReply(ca.node(key), "training"));
    } catch (IOException | GeneralSecurityException e) {
      return Future.failedFuture(e);
    }
  }

  private void tell() {
    Blob blob = new Blob("0".repeat(64), 1);
    InstanceDesired instance =
        new InstanceDesired(
            InstanceId.parse("00000000-0000-0000-0000-000000000001"),
            "training",
            "debian",
            1,
            256,
            2,
            Mac.parse("02:00:00:00:00:01"),
            Ipv4.parse("10.88.0.100"),
            true);
    NodeDesired desired =
        new NodeDesired(
            1, "training", List.of(new ImageDesired("debian", "1", blob, blob)), List.of(instance));
    FrameConnection now = member;
    if (now != null) {
      now.request(AgentMessages.DESIRED, bytes(desired)).onFailure(e -> end(1));
      // Without LXD there is nothing to observe: the loop has run when it could not be reached.
      vertx.setTimer(2_000, timer -> end(0));
    }
  }

  private static Future<Reply> ok(Object body) {
    return Future.succeededFuture(new Reply.Ok(bytes(body)));
  }

  private static byte[] bytes(Object body) {
    return Json.lenient().write(body).getBytes(StandardCharsets.UTF_8);
  }

  private static void end(int status) {
    Thread.ofPlatform().start(() -> Runtime.getRuntime().exit(status));
  }
}
