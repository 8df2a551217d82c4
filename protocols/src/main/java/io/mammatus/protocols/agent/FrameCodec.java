package io.mammatus.protocols.agent;

import io.mammatus.protocols.agent.Frame.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes to frames and back. */
public final class FrameCodec {

  /** A frame longer than this is refused unread. A node with 1,000 instances needs about 300 kB. */
  public static final int MAX_FRAME_BYTES = 4 * 1024 * 1024;

  private static final int HEADER_BYTES = 1 + 4 + 1;
  private static final int MAX_OPERATION_BYTES = 32;

  private FrameCodec() {}

  /** What the first bytes of a stream are. */
  public sealed interface Result {
    /** A whole frame, which took this many bytes. */
    record Whole(Frame frame, int bytes) implements Result {}

    /** Not all of it is there yet. */
    record Incomplete() implements Result {}

    /** It is no frame; nothing after it can be read either. */
    record Malformed(String reason) implements Result {}
  }

  public static byte[] encode(Frame frame) {
    byte[] operation = frame.operation().getBytes(StandardCharsets.US_ASCII);
    int length = HEADER_BYTES + operation.length + frame.body().length;
    if (operation.length > MAX_OPERATION_BYTES || length > MAX_FRAME_BYTES) {
      throw new IllegalArgumentException("a frame of " + length + " bytes is too long");
    }
    return ByteBuffer.allocate(4 + length)
        .putInt(length)
        .put((byte) frame.kind().code)
        .putInt(frame.id())
        .put((byte) operation.length)
        .put(operation)
        .put(frame.body())
        .array();
  }

  /** How many bytes of a body fit into a frame that asks for this operation. */
  public static int roomFor(String operation) {
    return MAX_FRAME_BYTES - HEADER_BYTES - operation.length();
  }

  /**
   * Reads the frame at the buffer's position, without moving it.
   *
   * @param maxBytes a frame that says it is longer is malformed
   */
  public static Result decode(ByteBuffer buffer, int maxBytes) {
    ByteBuffer in = buffer.slice();
    if (in.remaining() < 4) {
      return new Result.Incomplete();
    }
    int length = in.getInt();
    if (length < HEADER_BYTES || length > Math.min(maxBytes, MAX_FRAME_BYTES)) {
      return new Result.Malformed("a frame of " + Integer.toUnsignedString(length) + " bytes");
    }
    if (in.remaining() < length) {
      return new Result.Incomplete();
    }
    return body(in, length);
  }

  /** Letters, digits, hyphens and slashes: what is logged and stored of it cannot do harm. */
  private static boolean isWord(byte[] operation) {
    for (byte b : operation) {
      boolean letter = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z';
      if (!letter && !(b >= '0' && b <= '9') && b != '-' && b != '/') {
        return false;
      }
    }
    return true;
  }

  private static Result body(ByteBuffer in, int length) {
    int code = in.get();
    int id = in.getInt();
    int operationBytes = in.get() & 0xff;
    if (code < 1 || code > Kind.values().length) {
      return new Result.Malformed("a frame of kind " + code);
    }
    if (operationBytes > MAX_OPERATION_BYTES || operationBytes > length - HEADER_BYTES) {
      return new Result.Malformed("an operation of " + operationBytes + " bytes");
    }
    byte[] operation = new byte[operationBytes];
    in.get(operation);
    if (!isWord(operation)) {
      return new Result.Malformed("an operation that is no word");
    }
    byte[] body = new byte[length - HEADER_BYTES - operationBytes];
    in.get(body);
    Frame frame =
        new Frame(
            Kind.values()[code - 1], id, new String(operation, StandardCharsets.US_ASCII), body);
    return new Result.Whole(frame, 4 + length);
  }
}
