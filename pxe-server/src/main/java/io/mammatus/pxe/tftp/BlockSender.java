package io.mammatus.pxe.tftp;

import io.mammatus.protocols.tftp.TftpCodec;
import io.mammatus.pxe.net.ConnectedUdp;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;

/**
 * Sends blocks of a file in as few system calls as can be: the file is read a chunk at a time, and
 * the blocks of a window go to the kernel together, which cuts them into packets. Nothing is
 * allocated for a block. For one thread.
 */
final class BlockSender {

  private static final int CHUNK = 64 * 1024;

  private final ConnectedUdp socket;
  private final BootFile file;
  private final int blockSize;
  private final int atOnce;
  private final MemorySegment packets;
  private final ByteBuffer out;
  private final ByteBuffer chunk;
  private long chunkAt;
  private boolean segmenting;
  private boolean refused;

  /**
   * @param arena holds the memory for it
   */
  BlockSender(Arena arena, ConnectedUdp socket, BootFile file, TransferOptions options) {
    this.socket = socket;
    this.file = file;
    this.blockSize = options.blockSize();
    int packet = blockSize + TftpCodec.DATA_HEADER;
    int possible = Math.min(ConnectedUdp.MAX_SEGMENTS, ConnectedUdp.MAX_AT_ONCE / packet);
    this.atOnce = Math.clamp(options.windowSize(), 1, Math.max(1, possible));
    this.packets = arena.allocate((long) packet * atOnce);
    this.out = packets.asByteBuffer();
    long size = Math.max(blockSize, Math.min(CHUNK, file.size()));
    this.chunk = arena.allocate(size).asByteBuffer().limit(0);
  }

  /** The file could not be read. */
  static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1;

    Unreadable(IOException cause) {
      super(cause);
    }
  }

  /**
   * Sends blocks, the first and the last included, which are counted from 1 without end. What the
   * network does not take is as if it had been lost.
   *
   * @throws Unreadable if the file does not give them
   * @throws PortUnreachableException if the client is gone
   */
  void send(long first, long last) throws Unreadable, PortUnreachableException {
    long next = first;
    while (next <= last) {
      long end = last > next && canSegment() ? Math.min(last, next + atOnce - 1) : next;
      out.clear();
      for (long block = next; block <= end; block++) {
        put(block);
      }
      if (flush()) {
        next = end + 1;
      }
    }
  }

  /** Sends a packet that is no block, which is never cut. */
  void send(byte[] packet) throws PortUnreachableException {
    if (segmenting) {
      segmenting = !socket.segment(0);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment octets = arena.allocate(packet.length).copyFrom(MemorySegment.ofArray(packet));
      socket.send(octets, packet.length);
    } catch (PortUnreachableException e) {
      throw e;
    } catch (IOException e) {
      // As if it had been lost: it is sent again, or the client waits in vain.
    }
  }

  private boolean canSegment() {
    if (!segmenting && !refused && atOnce > 1) {
      segmenting = socket.segment(blockSize + TftpCodec.DATA_HEADER);
      refused = !segmenting;
    }
    return segmenting;
  }

  /** False if the same is to be tried again, one by one. */
  private boolean flush() throws PortUnreachableException {
    try {
      socket.send(packets, out.position());
    } catch (PortUnreachableException e) {
      throw e;
    } catch (IOException e) {
      // The way out does not let the kernel make several packets: an interface without checksums.
      if (segmenting) {
        refused = true;
        segmenting = !socket.segment(0);
        return segmenting;
      }
    }
    return true;
  }

  private void put(long block) throws Unreadable {
    long from = (block - 1) * blockSize;
    int length = (int) Math.clamp(file.size() - from, 0, blockSize);
    TftpCodec.dataHeader(block, out);
    if (length > 0) {
      if (from < chunkAt || from + length > chunkAt + chunk.limit()) {
        load(from);
      }
      out.put(out.position(), chunk, (int) (from - chunkAt), length);
      out.position(out.position() + length);
    }
  }

  private void load(long from) throws Unreadable {
    chunk.clear().limit((int) Math.min(chunk.capacity(), file.size() - from));
    try {
      file.read(from, chunk);
    } catch (IOException e) {
      chunk.limit(0);
      throw new Unreadable(e);
    }
    chunk.flip();
    chunkAt = from;
  }
}
