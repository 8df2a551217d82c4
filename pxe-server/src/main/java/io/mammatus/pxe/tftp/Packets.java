package io.mammatus.pxe.tftp;

import io.mammatus.protocols.tftp.TftpCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** The memory that every packet of a thread goes through: nothing is allocated for a block. */
final class Packets {

  /** What clients send into a transfer is an acknowledgement or an error message. */
  private static final int MAX_RECEIVED = 1024;

  private final ByteBuffer in = ByteBuffer.allocateDirect(MAX_RECEIVED);
  private final ByteBuffer out = ByteBuffer.allocateDirect(TftpCodec.MAX_LENGTH);

  /**
   * Takes a datagram from a socket.
   *
   * @return the datagram, until the next one is taken; empty if none waits, or it is an empty one
   */
  ByteBuffer receive(DatagramChannel socket) throws IOException {
    in.clear();
    int read = socket.read(in);
    return in.flip().limit(Math.max(0, read));
  }

  /**
   * Makes the data packet of a block.
   *
   * @param block counted from 1, without end
   * @return the packet, until the next one is made
   */
  ByteBuffer block(BootFile file, long block, int blockSize) throws IOException {
    long offset = (block - 1) * blockSize;
    int length = (int) Math.clamp(file.size() - offset, 0, blockSize);
    out.clear().limit(TftpCodec.DATA_HEADER + length);
    TftpCodec.dataHeader(block, out);
    if (length > 0) {
      file.read(offset, out);
    }
    return out.flip();
  }
}
