package io.mammatus.platform.bus;

import io.mammatus.protocols.agent.AgentMessages;
import io.mammatus.protocols.agent.Frame;
import io.mammatus.protocols.agent.Frame.Kind;
import io.mammatus.protocols.agent.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection on which both ends ask and answer.
 *
 * <p>Bounded in every direction: frames by length, requests that wait for an answer and requests
 * that are being answered by number ("busy" at once beyond that), silence by time. A peer that does
 * not read its answers is not read from. Used on the event loop of its socket only.
 */
public final class FrameConnection {

  /** How many requests may wait in each direction. */
  public static final int MAX_PENDING = 64;

  /** How long an answer may take, and how long the peer may say nothing. */
  public static final long TIMEOUT_MILLIS = 15_000;

  private static final long PING_MILLIS = 5_000;

  /** Answers a request. */
  public interface Responder {
    Future<Reply> answer(String operation, byte[] body);
  }

  private record Waiting(Promise<Reply> promise, long timer) {}

  private final Vertx vertx;
  private final NetSocket socket;
  private final Responder responder;
  private final Map<Integer, Waiting> waiting = new HashMap<>();
  private final long pinger;
  private Buffer received = Buffer.buffer();
  private int nextId = 1;
  private int answering;
  private long lastHeard;
  private String closeReason = "the peer closed the connection";
  private boolean closed;
  private @Nullable Handler<String> closeHandler;

  /** Takes the socket over; its handlers are this connection's from now on. */
  public FrameConnection(Vertx vertx, NetSocket socket, Responder responder) {
    this.vertx = vertx;
    this.socket = socket;
    this.responder = responder;
    this.lastHeard = System.nanoTime();
    this.pinger = vertx.setPeriodic(PING_MILLIS, timer -> checkSilence());
    socket.handler(this::receive);
    socket.exceptionHandler(e -> close("connection failed: " + e.getMessage()));
    socket.closeHandler(v -> closed());
    socket.drainHandler(v -> resumeIfIdle());
  }

  /** Called once with the reason when the connection is over. */
  public void onClose(Handler<String> handler) {
    closeHandler = handler;
  }

  /**
   * Asks the peer. Completes with a value in every case, a {@code Failed} one when the connection
   * ends.
   */
  public Future<Reply> request(String operation, byte[] body) {
    if (closed) {
      return Future.succeededFuture(Reply.retry("closed", "the connection is closed"));
    }
    if (waiting.size() >= MAX_PENDING) {
      return Future.succeededFuture(
          Reply.retry("busy", MAX_PENDING + " requests wait for an answer already"));
    }
    int id = nextId++;
    Promise<Reply> promise = Promise.promise();
    long timer =
        vertx.setTimer(
            TIMEOUT_MILLIS, t -> answered(id, Reply.retry("timeout", "no answer to " + operation)));
    waiting.put(id, new Waiting(promise, timer));
    write(new Frame(Kind.REQUEST, id, operation, body));
    return promise.future();
  }

  /** Ends the connection. */
  public void close(String reason) {
    if (!closed) {
      closeReason = reason;
      socket.close().onFailure(e -> closed());
    }
  }

  private void receive(Buffer buffer) {
    lastHeard = System.nanoTime();
    received = received.length() == 0 ? buffer : received.appendBuffer(buffer);
    ByteBuffer bytes = ByteBuffer.wrap(received.getBytes());
    while (!closed) {
      switch (FrameCodec.decode(bytes)) {
        case FrameCodec.Result.Whole(Frame frame, int length) -> {
          bytes.position(bytes.position() + length);
          handle(frame);
        }
        case FrameCodec.Result.Incomplete() -> {
          received =
              bytes.hasRemaining()
                  ? Buffer.buffer().appendBytes(bytes.array(), bytes.position(), bytes.remaining())
                  : Buffer.buffer();
          return;
        }
        case FrameCodec.Result.Malformed(String reason) -> close("malformed: " + reason);
      }
    }
  }

  private void handle(Frame frame) {
    switch (frame.kind()) {
      case REQUEST -> answer(frame);
      case OK -> answered(frame.id(), new Reply.Ok(frame.body()));
      case FAILED -> answered(frame.id(), failed(frame.body()));
    }
  }

  private void answer(Frame frame) {
    if (frame.operation().equals(AgentMessages.PING)) {
      reply(frame.id(), Reply.ok());
      return;
    }
    if (answering >= MAX_PENDING) {
      reply(frame.id(), Reply.retry("busy", MAX_PENDING + " requests are being answered already"));
      return;
    }
    answering++;
    Future<Reply> reply;
    try {
      reply = responder.answer(frame.operation(), frame.body());
    } catch (RuntimeException e) {
      reply = Future.failedFuture(e);
    }
    reply
        .otherwise(e -> new Reply.Failed("internal", String.valueOf(e.getMessage()), "operator"))
        .onComplete(done -> {
          answering--;
          reply(frame.id(), done.result());
        });
  }

  private void reply(int id, Reply reply) {
    if (closed) {
      return;
    }
    write(
        switch (reply) {
          case Reply.Ok(byte[] body) -> new Frame(Kind.OK, id, "", body);
          case Reply.Failed f ->
              new Frame(
                  Kind.FAILED,
                  id,
                  "",
                  new JsonObject()
                      .put("code", f.code())
                      .put("message", f.message())
                      .put("actor", f.actor())
                      .toBuffer()
                      .getBytes());
        });
  }

  private static Reply failed(byte[] body) {
    try {
      JsonObject json = new JsonObject(Buffer.buffer(body));
      return new Reply.Failed(
          json.getString("code", "unknown"),
          json.getString("message", ""),
          json.getString("actor", "operator"));
    } catch (RuntimeException e) {
      return Reply.retry("malformed", "the peer's answer could not be read");
    }
  }

  private void answered(int id, Reply reply) {
    Waiting request = waiting.remove(id);
    if (request != null) {
      vertx.cancelTimer(request.timer);
      request.promise.complete(reply);
    }
  }

  /** A peer that does not read is not read from: its requests wait in its own buffers. */
  private void write(Frame frame) {
    socket
        .write(Buffer.buffer(FrameCodec.encode(frame)))
        .onFailure(e -> close("write failed: " + e.getMessage()));
    if (socket.writeQueueFull()) {
      socket.pause();
    }
  }

  private void resumeIfIdle() {
    if (!closed) {
      socket.resume();
    }
  }

  private void checkSilence() {
    long silentMillis = (System.nanoTime() - lastHeard) / 1_000_000;
    if (silentMillis > TIMEOUT_MILLIS) {
      close("nothing was heard for " + silentMillis / 1000 + " s");
    } else if (!closed && waiting.size() < MAX_PENDING) {
      request(AgentMessages.PING, new byte[0])
          .onFailure(e -> close(String.valueOf(e.getMessage())));
    }
  }

  private void closed() {
    if (closed) {
      return;
    }
    closed = true;
    vertx.cancelTimer(pinger);
    for (int id : waiting.keySet().toArray(Integer[]::new)) {
      answered(id, Reply.retry("closed", closeReason));
    }
    if (closeHandler != null) {
      closeHandler.handle(closeReason);
    }
  }
}
