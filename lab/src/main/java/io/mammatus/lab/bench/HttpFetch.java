package io.mammatus.lab.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file over HTTP and throws it away: a socket that blocks and a large buffer, so that
 * the client costs as little as it can.
 */
final class HttpFetch {

  private static final int BUFFER = 256 * 1024;
  private static final Pattern LENGTH =
      Pattern.compile("(?i)\r\ncontent-length: *([0-9]{1,15})\r\n");

  private final InetSocketAddress server;
  private final String path;
  private final @Nullable MessageDigest digest;

  /**
   * @param digest takes the content, too; null to measure
   */
  HttpFetch(InetSocketAddress server, String path, @Nullable MessageDigest digest) {
    this.server = server;
    this.path = path;
    this.digest = digest;
  }

  /**
   * Runs to its end; blocks.
   *
   * @return octets of the content
   */
  long run() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try (SocketChannel socket = SocketChannel.open(server)) {
      String request =
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
              .formatted(path, server.getAddress().getHostAddress());
      socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      long length = head(socket, buffer);
      long received = buffer.remaining();
      take(buffer);
      while (received < length) {
        buffer.clear();
        int read = socket.read(buffer);
        if (read < 0) {
          throw new IOException("the server ended after " + received + " of " + length);
        }
        received += read;
        take(buffer.flip());
      }
      return received;
    }
  }

  private void take(ByteBuffer content) {
    if (digest != null) {
      digest.update(content);
    }
  }

  /** Reads until the content begins, which the buffer then holds the first of. */
  private static long head(SocketChannel socket, ByteBuffer buffer) throws IOException {
    while (true) {
      if (socket.read(buffer) < 0) {
        throw new IOException("the server ended before it answered");
      }
      byte[] octets = new byte[buffer.position()];
      buffer.get(0, octets);
      String text = new String(octets, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        Matcher length = LENGTH.matcher(text.substring(0, end + 2));
        if (!text.startsWith("HTTP/1.1 200 ") || !length.find()) {
          throw new IOException("the server answered " + text.lines().findFirst().orElse(""));
        }
        buffer.flip().position(end + 4);
        return Long.parseLong(length.group(1));
      }
    }
  }
}
