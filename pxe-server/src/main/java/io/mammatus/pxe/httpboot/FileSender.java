package io.mammatus.pxe.httpboot;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Sends a part of a file as a response's content, without copying it (sendfile). Vert.x's own
 * {@code sendFile} does that too, but neither begins slowly, nor tells how far it is, and writes an
 * error to the log for each client that breaks off. Over TLS it is read and encrypted piece by
 * piece. On the connection's event loop.
 */
final class FileSender {

  /**
   * Octets that are handed to the kernel at once. While the client keeps up, one call sends all of
   * it: more would keep the event loop from everybody else.
   */
  private static final long REGION = 4 << 20;

  /** Octets that are read at once where they have to be encrypted. */
  private static final long PIECE = 128 << 10;

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final ChannelHandlerContext connection;
  private final ContextInternal context;
  private final OpenFiles.Hold file;
  private final boolean secure;
  private final Promise<Void> head;
  private final Promise<Void> ended;
  private final long end;
  private long at;
  private @Nullable Region last;
  private boolean over;

  /**
   * On the connection's event loop.
   *
   * @param file let go at the end
   */
  FileSender(
      Vertx vertx, HttpServerRequest request, OpenFiles.Hold file, long offset, long length) {
    this.vertx = vertx;
    this.secure = request.isSSL();
    this.response = request.response();
    // HTTP/1.1, always: the server offers nothing else.
    this.connection = ((ConnectionBase) request.connection()).channelHandlerContext();
    this.context = ContextInternal.current();
    this.file = file;
    this.at = offset;
    this.end = offset + length;
    this.head = context.promise();
    this.ended = context.promise();
  }

  /** Sends the head and says when all is sent, or can not be any more. */
  Future<Void> begin() {
    cork(true);
    response.exceptionHandler(this::fail);
    response.closeHandler(_ -> fail(new IOException("the client is gone")));
    response.writeHead().onComplete(head);
    head.future().onFailure(this::fail);
    return ended.future();
  }

  /** Sends a few octets and waits for more to be asked for. */
  void trickle(int octets) {
    int some = (int) Math.min(octets, end - at - 1); // the last one goes with the rest
    if (some > 0 && !over) {
      send(some, () -> {});
    }
  }

  /** Sends all the rest. */
  void rest() {
    if (over) {
      return;
    }
    if (at < end) {
      send(Math.min(secure ? PIECE : REGION, end - at), this::rest);
    } else {
      response.end().onComplete(_ -> finish(), this::fail);
    }
  }

  /** How far the kernel has taken it, in the file. */
  long position() {
    Region under = last;
    return under == null ? at : under.position() + under.transferred();
  }

  private void send(long length, Runnable then) {
    if (secure) {
      sendRead(length, then);
      return;
    }
    Region region = new Region(file.file(), at, length);
    last = region;
    at += length;
    write(region, then);
  }

  /** A kernel that does not know the keys cannot send it from the file. */
  private void sendRead(long length, Runnable then) {
    long from = at;
    at += length;
    vertx
        .executeBlocking(() -> read(from, (int) length), false)
        .onComplete(
            octets -> {
              if (over) {
                octets.release();
              } else {
                write(octets, then);
              }
            },
            this::fail);
  }

  private ByteBuf read(long from, int length) throws IOException {
    ByteBuf octets = connection.alloc().buffer(length);
    try {
      while (octets.readableBytes() < length) {
        int have = octets.readableBytes();
        if (octets.writeBytes(file.file(), from + have, length - have) < 0) {
          throw new IOException("the file is shorter than it was");
        }
      }
      return octets;
    } catch (IOException e) {
      octets.release();
      throw e;
    }
  }

  /**
   * It goes past Vert.x, which may have the head still in its queue: as when a client sends several
   * requests at once and does not take the answers.
   */
  private void write(Object octets, Runnable then) {
    if (head.future().succeeded()) {
      writeNow(octets, then);
    } else {
      head.future()
          .onComplete(_ -> writeNow(octets, then), _ -> ReferenceCountUtil.release(octets));
    }
  }

  private void writeNow(Object octets, Runnable then) {
    connection
        .writeAndFlush(octets)
        .addListener(sent -> {
          if (sent.isSuccess()) {
            then.run();
          } else {
            fail(sent.cause());
          }
        });
  }

  /**
   * With the head goes the first of the content, and no segment of a piece's end is a short one.
   */
  private void cork(boolean on) {
    // It is closed with the answer where the client wants it so.
    if (!secure && connection.channel() instanceof EpollSocketChannel channel && channel.isOpen()) {
      channel.config().setTcpCork(on);
    }
  }

  private void finish() {
    if (close()) {
      cork(false);
      ended.complete();
    }
  }

  private void fail(Throwable cause) {
    if (close()) {
      Channel channel = connection.channel();
      channel.close(); // so much was promised, and less came: the client must not take it for all
      ended.fail(cause);
    }
  }

  private boolean close() {
    if (over) {
      return false;
    }
    over = true;
    file.letGo();
    return true;
  }

  /** One of many of the same open file, which stays open. */
  private static final class Region extends DefaultFileRegion {
    Region(FileChannel file, long position, long count) {
      super(file, position, count);
    }

    @Override
    protected void deallocate() {}
  }
}
