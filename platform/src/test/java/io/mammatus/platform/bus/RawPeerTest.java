package io.mammatus.platform.bus;

import static io.mammatus.platform.bus.FrameFixture.SHORT;
import static io.mammatus.platform.bus.FrameFixture.SOON;
import static io.mammatus.platform.bus.FrameFixture.never;
import static io.mammatus.platform.bus.FrameFixture.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.platform.bus.FrameFixture.End;
import io.mammatus.protocols.agent.Frame;
import io.mammatus.protocols.agent.Frame.Kind;
import io.mammatus.protocols.agent.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that keep no rule, or keep them in a way of their own, against one end that does. */
class RawPeerTest {

  @RegisterExtension static final FrameFixture wire = new FrameFixture();

  private static Buffer request(int id, String operation, int bodyBytes) {
    return Buffer.buffer(
        FrameCodec.encode(new Frame(Kind.REQUEST, id, operation, new byte[bodyBytes])));
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
  void beyondItsLimitTheAnswererIsBusyAtOnce() {
    wire.serverAnswers = (op, body) -> never();
    NetSocket peer = wire.raw();
    BlockingQueue<Frame> answers = frames(peer);
    for (int id = 1; id <= Limits.MEMBER.pending() + 1; id++) {
      result(peer.write(request(id, "wait", 0)));
    }
    Frame answer = take(answers);
    assertThat(answer.kind()).isEqualTo(Kind.FAILED);
    assertThat(answer.id()).isEqualTo(Limits.MEMBER.pending() + 1);
    assertThat(new String(answer.body(), UTF_8)).contains("\"busy\"");
  }

  @Test
  void whatIsNoFrameEndsTheConnection() {
    NetSocket peer = wire.raw();
    Promise<String> gone = Promise.promise();
    peer.closeHandler(v -> gone.complete("gone"));
    result(peer.write("GET / HTTP/1.1\r\n\r\n"));
    assertThat(wire.served().whyOver()).startsWith("malformed: a frame of ");
    assertThat(result(gone.future())).isEqualTo("gone");
  }

  @Test
  void aStrangersLongFrameEndsTheConnection() {
    wire.serverLimits = Limits.STRANGER;
    NetSocket peer = wire.raw();
    result(peer.write(request(1, "admit", Limits.STRANGER.frameBytes()).slice(0, 100)));
    assertThat(wire.served().whyOver()).startsWith("malformed: a frame of ");
  }

  @Test
  void aFrameInManyPiecesIsOneFrame() {
    NetSocket peer = wire.raw();
    BlockingQueue<Frame> answers = frames(peer);
    Buffer whole = request(7, "echo", 300_000);
    for (int at = 0; at < whole.length(); at += 1000) {
      result(peer.write(whole.slice(at, Math.min(whole.length(), at + 1000))));
    }
    assertThat(take(answers)).isEqualTo(new Frame(Kind.OK, 7, "", new byte[300_000]));
  }

  @Test
  void silenceEndsTheConnection() {
    wire.serverLimits = SHORT;
    wire.raw();
    assertThat(wire.served().whyOver()).startsWith("nothing was heard for ");
  }

  @Test
  void aPeerThatAnswersPingsIsNotSilent() {
    wire.serverLimits = SHORT;
    AtomicInteger pings = new AtomicInteger();
    NetSocket peer = wire.raw();
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
    End here = wire.served();
    await().atMost(SOON).until(() -> pings.get() >= 8); // more than twice its patience
    assertThat(here.over().future().isComplete()).isFalse();
  }

  /**
   * It asks for gigabytes and reads nothing. What was made ready for it is what fits into the
   * kernel's buffers and the write queue, not what it asked for; and it counts as silent.
   */
  @Test
  void aPeerThatDoesNotReadIsNotReadFromAndEnded() {
    wire.serverLimits = new Limits(FrameCodec.MAX_FRAME_BYTES, 64, Duration.ofSeconds(2));
    AtomicInteger answered = new AtomicInteger();
    wire.serverAnswers =
        (op, body) -> {
          answered.incrementAndGet();
          return Future.succeededFuture(new Reply.Ok(new byte[1 << 20]));
        };
    NetSocket peer = wire.raw();
    peer.pause();
    Buffer flood = Buffer.buffer();
    for (int id = 1; id <= 3000; id++) {
      flood.appendBuffer(request(id, "more", 100));
    }
    peer.write(flood).onComplete(done -> {});
    assertThat(wire.served().whyOver()).startsWith("nothing was heard for ");
    assertThat(answered.get()).isBetween(1, 40);
  }
}
