package io.mammatus.control.api;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Passes everything on, and knows its SHA-256. */
final class DigestingStream implements WriteStream<Buffer> {

  private final WriteStream<Buffer> to;
  private final MessageDigest digest;

  DigestingStream(WriteStream<Buffer> to) {
    this.to = to;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** Of all that was written; once. */
  String digest() {
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public Future<Void> write(Buffer data) {
    digest.update(data.getBytes());
    return to.write(data);
  }

  @Override
  public Future<Void> end() {
    return to.end();
  }

  @Override
  public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
    to.exceptionHandler(handler);
    return this;
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
    to.setWriteQueueMaxSize(maxSize);
    return this;
  }

  @Override
  public boolean writeQueueFull() {
    return to.writeQueueFull();
  }

  @Override
  public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
    to.drainHandler(handler);
    return this;
  }
}
