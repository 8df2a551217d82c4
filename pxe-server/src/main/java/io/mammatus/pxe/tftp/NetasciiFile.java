package io.mammatus.pxe.tftp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A text as netascii has it, converted while it is read, a step at a time. It is read once before,
 * to learn how long it gets. For one thread, which may wait for a disk.
 */
final class NetasciiFile implements BootFile {

  /** Longer ones are no text; to read them twice would be a way to keep a processor busy. */
  static final long MAX_SIZE = 16 << 20;

  private static final int STEP = 1 << 16;

  private final BootFile text;
  private final long[] begins;
  private int step = -1;
  private byte[] converted = {};

  /**
   * @param begins where in netascii each step of the text begins, and at last how long it is
   */
  private NetasciiFile(BootFile text, long[] begins) {
    this.text = text;
    this.begins = begins;
  }

  /**
   * Of a file of at most {@link #MAX_SIZE} octets.
   *
   * @throws IOException if it cannot be read
   */
  static NetasciiFile of(BootFile text) throws IOException {
    long[] begins = new long[(int) ((text.size() + STEP - 1) / STEP) + 1];
    for (int i = 0; i + 1 < begins.length; i++) {
      begins[i + 1] = begins[i] + converted(text, i).length;
    }
    return new NetasciiFile(text, begins);
  }

  private static byte[] converted(BootFile text, int step) throws IOException {
    long from = (long) step * STEP;
    ByteBuffer octets = ByteBuffer.allocate((int) Math.min(STEP, text.size() - from));
    text.read(from, octets);
    return Netascii.encode(octets.array());
  }

  @Override
  public long size() {
    return begins[begins.length - 1];
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    long at = offset;
    while (target.hasRemaining()) {
      if (at >= size()) {
        throw new EOFException("behind the end of a text");
      }
      load(at);
      int from = (int) (at - begins[step]);
      int length = Math.min(target.remaining(), converted.length - from);
      target.put(converted, from, length);
      at += length;
    }
  }

  private void load(long at) throws IOException {
    int found = Arrays.binarySearch(begins, at);
    int wanted = found >= 0 ? found : -found - 2;
    if (wanted != step) {
      converted = converted(text, wanted);
      step = wanted;
      if (begins[step] + converted.length != begins[step + 1]) {
        throw new IOException("the text has changed while it was served");
      }
    }
  }

  @Override
  public void close() {
    text.close();
  }
}
