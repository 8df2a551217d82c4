package io.mammatus.platform.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.protocols.agent.Frame;
import io.mammatus.protocols.agent.Frame.Kind;
import io.mammatus.protocols.agent.FrameCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends, and peers that keep no rule, over real sockets and TLS. */
class FrameConnectionTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Limits SHORT =
      new Limits(FrameCodec.MAX_FRAME_BYTES, 64, Duration.ofMillis(400));
  private static final String PASSWORD = "for-a-test-key";

  @TempDir static Path folder;
  private static Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));

  private final BlockingQueue<End> accepted = new LinkedBlockingQueue<>();
  private final NetClient client =
      vertx.createNetClient(
          new NetClientOptions()
              .setSsl(true)
              .setTrustAll(true)
              .setHostnameVerificationAlgorithm(""));
  private FrameConnection.Responder serverAnswers =
      (operation, body) -> Future.succeededFuture(new Reply.Ok(body));
  private Limits serverLimits = Limits.MEMBER;
  private final NetServer server =
      vertx.createNetServer(
          new NetServerOptions()
              .setHost("127.0.0.1")
              .setPort(0)
              .setSsl(true)
              .setKeyCertOptions(
                  new PfxOptions()
                      .setPath(folder.resolve("key.p12").toString())
                      .setPassword(PASSWORD)));

  /** One end; used through its event loop. */
  private record End(Context context, FrameConnection connection, Promise<String> over) {

    static End of(NetSocket socket, FrameConnection.Responder responder, Limits limits) {
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

  private static <T> T result(Future<T> future) {
    try {
      return future.await(SOON.toSeconds(), TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("nothing came within " + SOON, e);
    }
  }

  @BeforeAll
  static void makeKey() throws Exception {
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
                folder.resolve("key.p12").toString(),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
  }

  @AfterAll
  static void stop() {
    result(vertx.close());
  }

  @BeforeEach
  void listen() {
    server.connectHandler(socket ->
        accepted.add(End.of(socket, (op, body) -> serverAnswers.answer(op, body), serverLimits)));
    result(server.listen());
  }

  @AfterEach
  void hangUp() {
    result(client.close());
    result(server.close());
  }

  private NetSocket raw() {
    return result(client.connect(server.actualPort(), "127.0.0.1"));
  }

  private End dial(FrameConnection.Responder responder, Limits limits) {
    return result(
        client
            .connect(server.actualPort(), "127.0.0.1")
            .map(socket -> End.of(socket, responder, limits)));
  }

  private End served() {
    try {
      End end = accepted.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(end).isNotNull();
      return end;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String text(Reply reply) {
    return switch (reply) {
      case Reply.Ok(byte[] body) -> new String(body, UTF_8);
      case Reply.Failed failed -> "failed " + failed.code();
    };
  }

  private static Buffer request(int id, String operation, int bodyBytes) {
    return Buffer.buffer(
        FrameCodec.encode(new Frame(Kind.REQUEST, id, operation, new byte[bodyBytes])));
  }

  private static Future<Reply> never() {
    return Promise.<Reply>promise().future();
  }

  @Test
  void bothEndsAskAndAnswer() {
    serverAnswers = (op, body) -> Future.succeededFuture(new Reply.Ok((op + "!").getBytes(UTF_8)));
    End there = dial((op, body) -> Future.succeededFuture(new Reply.Ok(body)), Limits.MEMBER);
    assertThat(text(there.ask("hello", ""))).isEqualTo("hello!");
    assertThat(text(served().ask("desired", "all of it"))).isEqualTo("all of it");
  }

  @Test
  void aFailureIsAValue() {
    serverAnswers =
        (op, body) ->
            switch (op) {
              case "refused" ->
                  Future.succeededFuture(new Reply.Failed("forbidden", "no", "operator"));
              case "broken" -> Future.failedFuture("broken");
              default -> throw new IllegalStateException("thrown");
            };
    End there = dial((op, body) -> never(), Limits.MEMBER);
    assertThat(there.ask("refused", "")).isEqualTo(new Reply.Failed("forbidden", "no", "operator"));
    assertThat(text(there.ask("broken", ""))).isEqualTo("failed internal");
    assertThat(text(there.ask("thrown", ""))).isEqualTo("failed internal");
  }

  @Test
  void whatFitsIntoNoFrameIsAFailureOnEitherSide() {
    serverAnswers =
        (op, body) -> Future.succeededFuture(new Reply.Ok(new byte[FrameCodec.MAX_FRAME_BYTES]));
    End there = dial((op, body) -> never(), Limits.MEMBER);
    assertThat(text(there.ask("big", ""))).isEqualTo("failed too-long");
    assertThat(text(there.ask("big", "x".repeat(FrameCodec.MAX_FRAME_BYTES))))
        .isEqualTo("failed too-long");
    serverAnswers = (op, body) -> Future.succeededFuture(Reply.ok());
    assertThat(text(there.ask("still-there", ""))).isEmpty();
  }

  /** The peer answers pings, so that the connection stays; only the one answer is missing. */
  @Test
  void anAnswerThatDoesNotComeIsATimeout() {
    serverAnswers = (op, body) -> op.equals("slow") ? never() : Future.succeededFuture(Reply.ok());
    End there = dial((op, body) -> never(), SHORT);
    assertThat(text(there.ask("slow", ""))).isEqualTo("failed timeout");
    assertThat(text(there.ask("quick", ""))).isEmpty();
  }

  @Test
  void beyondItsLimitTheAskerIsBusyAtOnce() {
    serverAnswers = (op, body) -> never();
    End there = dial((op, body) -> never(), Limits.MEMBER);
    there.run(() -> {
      for (int i = 0; i < Limits.MEMBER.pending(); i++) {
        there.connection().request("wait", new byte[0]).onFailure(e -> there.over().tryFail(e));
      }
    });
    assertThat(text(there.ask("one-more", ""))).isEqualTo("failed busy");
  }

  @Test
  void beyondItsLimitTheAnswererIsBusyAtOnce() {
    serverAnswers = (op, body) -> never();
    NetSocket peer = raw();
    BlockingQueue<Frame> answers = frames(peer);
    for (int id = 1; id <= Limits.MEMBER.pending() + 1; id++) {
      result(peer.write(request(id, "wait", 0)));
    }
    Frame answer = take(answers);
    assertThat(answer.kind()).isEqualTo(Kind.FAILED);
    assertThat(answer.id()).isEqualTo(Limits.MEMBER.pending() + 1);
    assertThat(new String(answer.body(), UTF_8)).contains("\"busy\"");
  }

  private static BlockingQueue<Frame> frames(NetSocket peer) {
    BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    ReceiveBuffer received = new ReceiveBuffer();
    peer.handler(buffer -> {
      received.add(buffer);
      while (FrameCodec.decode(received.view(), FrameCodec.MAX_FRAME_BYTES)
          instanceof FrameCodec.Result.Whole(Frame frame, int length)) {
        received.consume(length);
        frames.add(frame);
      }
    });
    return frames;
  }

  private static Frame take(BlockingQueue<Frame> frames) {
    try {
      Frame frame = frames.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(frame).isNotNull();
      return frame;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsNoFrameEndsTheConnection() {
    NetSocket peer = raw();
    Promise<String> gone = Promise.promise();
    peer.closeHandler(v -> gone.complete("gone"));
    result(peer.write("GET / HTTP/1.1\r\n\r\n"));
    assertThat(served().whyOver()).startsWith("malformed: a frame of ");
    assertThat(result(gone.future())).isEqualTo("gone");
  }

  @Test
  void aStrangersLongFrameEndsTheConnection() {
    serverLimits = Limits.STRANGER;
    NetSocket peer = raw();
    result(peer.write(request(1, "admit", Limits.STRANGER.frameBytes()).slice(0, 100)));
    assertThat(served().whyOver()).startsWith("malformed: a frame of ");
  }

  @Test
  void aFrameInManyPiecesIsOneFrame() {
    NetSocket peer = raw();
    BlockingQueue<Frame> answers = frames(peer);
    Buffer whole = request(7, "echo", 300_000);
    for (int at = 0; at < whole.length(); at += 1000) {
      result(peer.write(whole.slice(at, Math.min(whole.length(), at + 1000))));
    }
    assertThat(take(answers)).isEqualTo(new Frame(Kind.OK, 7, "", new byte[300_000]));
  }

  @Test
  void silenceEndsTheConnection() {
    serverLimits = SHORT;
    raw();
    assertThat(served().whyOver()).startsWith("nothing was heard for ");
  }

  @Test
  void aPeerThatAnswersPingsIsNotSilent() {
    serverLimits = SHORT;
    AtomicInteger pings = new AtomicInteger();
    NetSocket peer = raw();
    ReceiveBuffer received = new ReceiveBuffer();
    peer.handler(buffer -> {
      received.add(buffer);
      while (FrameCodec.decode(received.view(), 1024)
          instanceof FrameCodec.Result.Whole(Frame frame, int length)) {
        received.consume(length);
        pings.incrementAndGet();
        peer.write(
                Buffer.buffer(FrameCodec.encode(new Frame(Kind.OK, frame.id(), "", new byte[0]))))
            .onFailure(e -> pings.set(-1000));
      }
    });
    End here = served();
    await().atMost(SOON).until(() -> pings.get() >= 8); // more than twice its patience
    assertThat(here.over().future().isComplete()).isFalse();
  }

  @Test
  void requestsThatWaitAreAnsweredWhenTheConnectionDies() {
    serverAnswers = (op, body) -> never();
    End there = dial((op, body) -> never(), Limits.MEMBER);
    List<Future<Reply>> asked = new ArrayList<>();
    there.run(() -> {
      asked.add(there.connection().request("one", new byte[0]));
      asked.add(there.connection().request("two", new byte[0]));
    });
    End here = served();
    here.run(() -> here.connection().close("enough"));
    assertThat(text(result(asked.get(0)))).isEqualTo("failed closed");
    assertThat(text(result(asked.get(1)))).isEqualTo("failed closed");
    assertThat(here.whyOver()).isEqualTo("enough");
    assertThat(text(there.ask("three", ""))).isEqualTo("failed closed");
  }

  @Test
  void anAnswerAfterTheEndIsDropped() {
    Promise<Reply> late = Promise.promise();
    Promise<Boolean> asked = Promise.promise();
    serverAnswers =
        (op, body) -> {
          asked.complete(true);
          return late.future();
        };
    End there = dial((op, body) -> never(), Limits.MEMBER);
    Future<Reply> waiting =
        there.get(() -> {
          Future<Reply> reply = there.connection().request("slow", new byte[0]);
          return Future.succeededFuture(reply);
        });
    result(asked.future());
    there.run(() -> there.connection().close("cannot wait"));
    End here = served();
    assertThat(here.whyOver()).isEqualTo("the peer closed the connection");
    here.run(() -> late.complete(Reply.ok()));
    assertThat(text(result(waiting))).isEqualTo("failed closed");
  }

  @Test
  void theFirstReasonIsTheOneThatIsTold() {
    End there = dial((op, body) -> never(), Limits.MEMBER);
    there.run(() -> {
      there.connection().close("first");
      there.connection().close("second");
    });
    assertThat(there.whyOver()).isEqualTo("first");
    Promise<String> late = Promise.promise();
    there.run(() -> there.connection().onClose(late::complete));
    assertThat(result(late.future())).isEqualTo("first");
  }

  /**
   * It asks for gigabytes and reads nothing. What was made ready for it is what fits into the
   * kernel's buffers and the write queue, not what it asked for; and it counts as silent.
   */
  @Test
  void aPeerThatDoesNotReadIsNotReadFromAndEnded() {
    serverLimits = new Limits(FrameCodec.MAX_FRAME_BYTES, 64, Duration.ofSeconds(2));
    AtomicInteger answered = new AtomicInteger();
    serverAnswers =
        (op, body) -> {
          answered.incrementAndGet();
          return Future.succeededFuture(new Reply.Ok(new byte[1 << 20]));
        };
    NetSocket peer = raw();
    peer.pause();
    Buffer flood = Buffer.buffer();
    for (int id = 1; id <= 3000; id++) {
      flood.appendBuffer(request(id, "more", 100));
    }
    peer.write(flood).onComplete(done -> {});
    assertThat(served().whyOver()).startsWith("nothing was heard for ");
    assertThat(answered.get()).isBetween(1, 40);
  }
}
