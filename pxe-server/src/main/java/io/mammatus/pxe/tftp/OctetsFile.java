package io.mammatus.pxe.tftp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file in memory. */
final class OctetsFile implements BootFile {

  private final byte[] octets;

  /**
   * @param octets not to be changed any more
   */
  OctetsFile(byte[] octets) {
    this.octets = octets;
  }

  @Override
  public long size() {
    return octets.length;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    if (offset + target.remaining() > octets.length) {
      throw new EOFException("behind the end of a rendered file");
    }
    target.put(octets, (int) offset, target.remaining());
  }

  @Override
  public void close() {}
}
