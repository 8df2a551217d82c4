package io.mammatus.platform.bus;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;

/**
 * Bytes that arrived and are not decoded yet. It grows with what arrives, never with what a header
 * announces, and copies each byte a bounded number of times however small the pieces are.
 */
final class ReceiveBuffer {

  private static final byte[] NONE = new byte[0];
  private static final int FIRST_BYTES = 512;

  /** An empty buffer larger than this is given back. */
  private static final int KEPT_BYTES = 16 * 1024;

  private byte[] bytes = NONE;
  private int start;
  private int end;

  void add(Buffer more) {
    int length = end - start;
    int needed = length + more.length();
    if (bytes.length - end < more.length()) {
      byte[] target =
          needed <= bytes.length
              ? bytes
              : new byte[Math.max(FIRST_BYTES, Math.max(needed, 2 * length))];
      System.arraycopy(bytes, start, target, 0, length);
      bytes = target;
      start = 0;
    }
    end = start + length;
    more.getBytes(bytes, end);
    end += more.length();
  }

  /** What is there. */
  ByteBuffer view() {
    return ByteBuffer.wrap(bytes, start, end - start);
  }

  /** The first {@code count} bytes are decoded. */
  void consume(int count) {
    start += count;
    if (start == end) {
      start = 0;
      end = 0;
      if (bytes.length > KEPT_BYTES) {
        bytes = NONE;
      }
    }
  }
}
