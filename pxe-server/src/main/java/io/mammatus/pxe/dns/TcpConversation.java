package io.mammatus.pxe.dns;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What is said on one connection: questions with their length before them (RFC 1035, section
 * 4.2.2), several at once, answered as the answers come (RFC 7766, section 6.2.1.1). Neither a
 * client that does not read nor one that sends a question octet by octet holds on to more than it
 * should.
 */
final class TcpConversation {

  /** Questions under way; the next ones wait in the kernel. */
  static final int MAX_UNDER_WAY = 16;

  private final NetSocket socket;
  private final Function<byte[], Future<Optional<byte[]>>> responder;
  private final Consumer<String> refused;
  private Buffer received = Buffer.buffer();
  private long frameBegan;
  private int underWay;
  private boolean closed;

  /**
   * @param refused hears why the connection was closed
   */
  TcpConversation(
      NetSocket socket,
      Function<byte[], Future<Optional<byte[]>>> responder,
      Consumer<String> refused) {
    this.socket = socket;
    this.responder = responder;
    this.refused = refused;
  }

  void begin() {
    socket.handler(this::chunk);
    socket.drainHandler(_ -> proceed());
  }

  private void chunk(Buffer chunk) {
    if (received.length() == 0) {
      frameBegan = System.nanoTime();
    }
    received.appendBuffer(chunk);
    proceed();
  }

  private void proceed() {
    while (!closed && !isBusy() && received.length() >= 2) {
      int length = received.getUnsignedShort(0);
      if (length > QueryDecoder.MAX_QUERY) {
        close("oversized");
        return;
      }
      if (received.length() < 2 + length) {
        break;
      }
      byte[] packet = received.getBytes(2, 2 + length);
      received = received.getBuffer(2 + length, received.length());
      frameBegan = System.nanoTime();
      ask(packet);
    }
    if (closed) {
      return;
    }
    if (isBusy()) {
      socket.pause();
    } else if (received.length() > 0
        && System.nanoTime() - frameBegan > TcpListener.IDLE.toNanos()) {
      close("slow-question");
    } else {
      socket.resume();
    }
  }

  private boolean isBusy() {
    return underWay >= MAX_UNDER_WAY || socket.writeQueueFull();
  }

  private void ask(byte[] packet) {
    underWay++;
    responder
        .apply(packet)
        .onComplete(
            answer -> {
              underWay--;
              answered(answer);
            },
            failure -> close("internal"));
  }

  private void answered(Optional<byte[]> answer) {
    if (closed) {
      return;
    }
    if (answer.isEmpty()) {
      close("not-a-question"); // nothing that comes after it can be trusted
      return;
    }
    byte[] octets = answer.get();
    socket
        .write(Buffer.buffer().appendUnsignedShort(octets.length).appendBytes(octets))
        .onFailure(_ -> closed = true);
    proceed();
  }

  private void close(String reason) {
    closed = true;
    refused.accept(reason);
    socket.close().onFailure(_ -> {});
  }
}
