package io.mammatus.platform.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.protocols.agent.FrameCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server that speaks frames over TLS, for each test a new one; a test connects to it with a
 * proper {@link End} or with a raw socket.
 *
 * <p>{@code @RegisterExtension static final FrameFixture wire = new FrameFixture();}
 */
final class FrameFixture implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  static final Duration SOON = Duration.ofSeconds(20);

  /** Patience that a test can wait for the end of. */
  static final Limits SHORT = new Limits(FrameCodec.MAX_FRAME_BYTES, 64, Duration.ofMillis(400));

  private static final String PASSWORD = "for-a-test-key";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final Path key = makeKey();
  private final BlockingQueue<End> accepted = new LinkedBlockingQueue<>();
  private NetClient client;
  private NetServer server;

  /** What the server does when it is asked; at first it says what it was told. */
  FrameConnection.Responder serverAnswers;

  /** What it expects of who connects from now on. */
  Limits serverLimits;

  @SuppressWarnings("NullAway.Init") // JUnit calls beforeEach() first
  FrameFixture() {}

  private static Path makeKey() {
    try {
      Path key = Files.createTempDirectory("bus").resolve("key.p12");
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-alias",
                  "bus",
                  "-dname",
                  "CN=localhost",
                  "-storetype",
                  "PKCS12",
                  "-keystore",
                  key.toString(),
                  "-storepass",
                  PASSWORD)
              .inheritIO()
              .start();
      assertThat(keytool.waitFor()).isZero();
      return key;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    accepted.clear();
    serverAnswers = (operation, body) -> Future.succeededFuture(new Reply.Ok(body));
    serverLimits = Limits.MEMBER;
    client =
        vertx.createNetClient(
            new NetClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setHostnameVerificationAlgorithm(""));
    server =
        vertx
            .createNetServer(
                new NetServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PfxOptions().setPath(key.toString()).setPassword(PASSWORD)))
            .connectHandler(socket ->
                accepted.add(
                    End.of(
                        vertx,
                        socket,
                        (op, body) -> serverAnswers.answer(op, body),
                        serverLimits)));
    result(server.listen());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    result(client.close());
    result(server.close());
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    result(vertx.close());
    Files.delete(key);
    Files.delete(key.getParent());
  }

  /** One end; used through its event loop. */
  record End(Context context, FrameConnection connection, Promise<String> over) {

    static End of(
        Vertx vertx, NetSocket socket, FrameConnection.Responder responder, Limits limits) {
      FrameConnection connection = new FrameConnection(vertx, socket, responder, limits);
      Promise<String> over = Promise.promise();
      connection.onClose(over::complete);
      return new End(vertx.getOrCreateContext(), connection, over);
    }

    Reply ask(String operation, String body) {
      return get(() -> connection.request(operation, body.getBytes(UTF_8)));
    }

    <T> T get(Supplier<Future<T>> action) {
      Promise<T> promise = Promise.promise();
      context.runOnContext(v -> action.get().onComplete(promise));
      return result(promise.future());
    }

    void run(Runnable action) {
      get(() -> {
        action.run();
        return Future.succeededFuture(true);
      });
    }

    String whyOver() {
      return result(over.future());
    }
  }

  static <T> T result(Future<T> future) {
    try {
      return future.await(SOON.toSeconds(), TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("nothing came within " + SOON, e);
    }
  }

  /** A socket whose peer is the server; what goes over it is the test's own affair. */
  NetSocket raw() {
    return result(client.connect(server.actualPort(), "127.0.0.1"));
  }

  /** A connection to the server. */
  End dial(FrameConnection.Responder responder, Limits limits) {
    return result(
        client
            .connect(server.actualPort(), "127.0.0.1")
            .map(socket -> End.of(vertx, socket, responder, limits)));
  }

  /** The server's end of the next connection. */
  End served() {
    try {
      End end = accepted.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(end).isNotNull();
      return end;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static String text(Reply reply) {
    return switch (reply) {
      case Reply.Ok(byte[] body) -> new String(body, UTF_8);
      case Reply.Failed failed -> "failed " + failed.code();
    };
  }

  static Future<Reply> never() {
    return Promise.<Reply>promise().future();
  }
}
