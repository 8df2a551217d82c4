package io.mammatus.lab.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file over HTTP and keeps nothing of it: a socket that blocks and a large buffer, so
 * that the client costs as little as it can.
 */
final class HttpFetch {

  private static final int BUFFER = 256 * 1024;
  private static final Pattern LENGTH =
      Pattern.compile("(?i)\r\ncontent-length: *([0-9]{1,15})\r\n");

  private final InetSocketAddress server;
  private final String path;
  private final Terms terms;
  private final Consumer<ByteBuffer> content;
  private volatile @Nullable SocketChannel open;

  /**
   * How it is fetched.
   *
   * @param local the address to fetch from; any if null
   * @param first so many octets of the file and no more; all if 0
   * @param buffer for nobody else meanwhile
   * @param heard told whenever something came
   */
  record Terms(@Nullable InetSocketAddress local, long first, ByteBuffer buffer, Runnable heard) {
    static Terms usual() {
      return new Terms(null, 0, ByteBuffer.allocateDirect(BUFFER), () -> {});
    }
  }

  /**
   * @param content takes it, piece by piece
   */
  HttpFetch(InetSocketAddress server, String path, Terms terms, Consumer<ByteBuffer> content) {
    this.server = server;
    this.path = path;
    this.terms = terms;
    this.content = content;
  }

  /**
   * Runs to its end; blocks.
   *
   * @return octets of the content
   */
  long run() throws IOException {
    ByteBuffer buffer = terms.buffer.clear();
    try (SocketChannel socket = SocketChannel.open()) {
      open = socket;
      socket.bind(terms.local);
      socket.connect(server);
      socket.write(ByteBuffer.wrap(request().getBytes(StandardCharsets.US_ASCII)));
      long length = head(socket, buffer);
      long received = buffer.remaining();
      content.accept(buffer);
      while (received < length) {
        buffer.clear();
        int read = socket.read(buffer);
        if (read < 0) {
          throw new IOException("the server ended after " + received + " of " + length);
        }
        terms.heard.run();
        received += read;
        content.accept(buffer.flip());
      }
      return received;
    }
  }

  /** Breaks it off, from any thread. */
  void abort() throws IOException {
    SocketChannel under = open;
    if (under != null) {
      under.close();
    }
  }

  private String request() {
    String range = terms.first > 0 ? "Range: bytes=0-" + (terms.first - 1) + "\r\n" : "";
    return "GET %s HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n"
        .formatted(path, server.getAddress().getHostAddress(), range);
  }

  /** Reads until the content begins, which the buffer then holds the first of. */
  private long head(SocketChannel socket, ByteBuffer buffer) throws IOException {
    while (true) {
      if (socket.read(buffer) < 0) {
        throw new IOException("the server ended before it answered");
      }
      terms.heard.run();
      byte[] octets = new byte[buffer.position()];
      buffer.get(0, octets);
      String text = new String(octets, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        Matcher length = LENGTH.matcher(text.substring(0, end + 2));
        if (!text.startsWith(terms.first > 0 ? "HTTP/1.1 206 " : "HTTP/1.1 200 ")
            || !length.find()) {
          throw new IOException("the server answered " + text.lines().findFirst().orElse(""));
        }
        buffer.flip().position(end + 4);
        return Long.parseLong(length.group(1));
      }
    }
  }
}
