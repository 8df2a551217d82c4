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
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection on which both ends ask and answer.
 *
 * <p>Bounded in every direction: frames by length, requests that wait for an answer and requests
 * that are being answered by number ("busy" at once beyond that), silence by time. A peer that does
 * not read its answers is not read from, nor asked anything, and falls silent by that. Used on the
 * event loop of its socket only; the responder's futures complete there, too.
 */
public final class FrameConnection {

  /** How the reason begins when the peer sent what is no frame. */
  public static final String MALFORMED = "malformed: ";

  /** Beyond this much that the peer has not taken yet, nothing more is read from it. */
  private static final int MAX_UNSENT_BYTES = 256 * 1024;

  /** How long what was written before the end may still take. */
  private static final long FAREWELL_MILLIS = 2_000;

  private static final int PINGS_WITHIN_PATIENCE = 3;

  /** Answers a request. */
  public interface Responder {
    Future<Reply> answer(String operation, byte[] body);
  }

  private record Waiting(Promise<Reply> promise, long timer) {}

  private final Vertx vertx;
  private final NetSocket socket;
  private final Responder responder;
  private final Limits limits;
  private final Map<Integer, Waiting> waiting = new HashMap<>();
  private final ReceiveBuffer received = new ReceiveBuffer();
  private final long patienceMillis;
  private final long pinger;
  private int nextId = 1;
  private int answering;
  private long lastHeard;
  private String closeReason = "the peer closed the connection";
  private long unsentBytes;
  private boolean paused;
  private boolean closing;
  private boolean closed;
  private @Nullable Handler<String> closeHandler;

  /** Takes the socket over; its handlers are this connection's from now on. */
  public FrameConnection(Vertx vertx, NetSocket socket, Responder responder, Limits limits) {
    this.vertx = vertx;
    this.socket = socket;
    this.responder = responder;
    this.limits = limits;
    this.lastHeard = System.nanoTime();
    this.patienceMillis = limits.patience().toMillis();
    this.pinger =
        vertx.setPeriodic(patienceMillis / PINGS_WITHIN_PATIENCE, timer -> checkSilence());
    socket.handler(this::receive);
    socket.exceptionHandler(e -> close("connection failed: " + e.getMessage()));
    socket.closeHandler(v -> closed());
  }

  /** Called once with the reason when the connection is over; at once if it is already. */
  public void onClose(Handler<String> handler) {
    closeHandler = handler;
    if (closed) {
      handler.handle(closeReason);
    }
  }

  /** Whether nothing more goes over it. */
  public boolean isClosed() {
    return closing || closed;
  }

  /**
   * Asks the peer. Completes with a value in every case, a {@code Failed} one when the connection
   * ends.
   */
  public Future<Reply> request(String operation, byte[] body) {
    if (isClosed()) {
      return Future.succeededFuture(Reply.retry("closed", "the connection is closed"));
    }
    if (body.length > FrameCodec.roomFor(operation)) {
      return Future.succeededFuture(
          new Reply.Failed("too-long", operation + " does not fit into a frame", "operator"));
    }
    if (waiting.size() >= limits.pending() || paused) {
      return Future.succeededFuture(
          Reply.retry("busy", waiting.size() + " requests wait for an answer already"));
    }
    int id = nextId++;
    Promise<Reply> promise = Promise.promise();
    long timer =
        vertx.setTimer(
            patienceMillis, t -> answered(id, Reply.retry("timeout", "no answer to " + operation)));
    waiting.put(id, new Waiting(promise, timer));
    write(new Frame(Kind.REQUEST, id, operation, body));
    return promise.future();
  }

  /** Ends the connection. The first reason is the one that is told. */
  public void close(String reason) {
    if (!isClosed()) {
      closing = true;
      closeReason = reason;
      socket.close().onFailure(e -> closed());
      vertx.setTimer(FAREWELL_MILLIS, timer -> cut());
    }
  }

  /**
   * Vert.x closes after all that was written has gone, which is never where the peer does not read
   * (eclipse-vertx/vert.x pull request 6167). So the channel is closed below TLS and the queue.
   */
  private void cut() {
    if (!closed) {
      ((NetSocketInternal) socket)
          .channelHandlerContext()
          .pipeline()
          .firstContext()
          .close()
          .addListener(done -> closed());
    }
  }

  private void receive(Buffer buffer) {
    lastHeard = System.nanoTime();
    if (!isClosed()) {
      received.add(buffer);
      handleReceived();
    }
  }

  /** Until no whole frame is left, or the peer should first read what it was answered. */
  private void handleReceived() {
    while (!isClosed() && !paused) {
      switch (FrameCodec.decode(received.view(), limits.frameBytes())) {
        case FrameCodec.Result.Whole(Frame frame, int length) -> {
          received.consume(length);
          handle(frame);
        }
        case FrameCodec.Result.Incomplete() -> {
          return;
        }
        case FrameCodec.Result.Malformed(String reason) -> close(MALFORMED + reason);
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
    if (answering >= limits.pending()) {
      reply(frame.id(), Reply.retry("busy", answering + " requests are being answered already"));
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
    if (!isClosed()) {
      write(
          switch (reply) {
            case Reply.Ok(byte[] body) when body.length > FrameCodec.roomFor("") ->
                failed(
                    id, new Reply.Failed("too-long", "the answer fits into no frame", "operator"));
            case Reply.Ok(byte[] body) -> new Frame(Kind.OK, id, "", body);
            case Reply.Failed failed -> failed(id, failed);
          });
    }
  }

  private static Frame failed(int id, Reply.Failed failed) {
    JsonObject json =
        new JsonObject()
            .put("code", failed.code())
            .put("message", failed.message())
            .put("actor", failed.actor());
    return new Frame(Kind.FAILED, id, "", json.toBuffer().getBytes());
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

  /**
   * A peer that does not read is not read from: its requests wait in its own buffers. Counted here,
   * because the socket's own queue looks empty until the end of a turn of the event loop, and in
   * one turn thousands of requests may arrive.
   */
  private void write(Frame frame) {
    Buffer bytes = Buffer.buffer(FrameCodec.encode(frame));
    unsentBytes += bytes.length();
    if (!paused && unsentBytes > MAX_UNSENT_BYTES) {
      paused = true;
      socket.pause();
    }
    socket
        .write(bytes)
        .onComplete(done -> {
          unsentBytes -= bytes.length();
          if (done.failed()) {
            close("write failed: " + done.cause().getMessage());
          } else {
            sent();
          }
        });
  }

  private void sent() {
    if (paused && !isClosed() && unsentBytes <= MAX_UNSENT_BYTES / 2) {
      paused = false;
      handleReceived();
      if (!paused) {
        socket.resume();
      }
    }
  }

  private void checkSilence() {
    long silentMillis = (System.nanoTime() - lastHeard) / 1_000_000;
    if (silentMillis > patienceMillis) {
      close("nothing was heard for %.1f s".formatted(silentMillis / 1000.0));
    } else if (silentMillis >= patienceMillis / PINGS_WITHIN_PATIENCE / 2) {
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
