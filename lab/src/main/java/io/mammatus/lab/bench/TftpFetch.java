package io.mammatus.lab.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/**
 * Fetches one file by TFTP as quickly as can be, the same way from every server: a socket that
 * blocks, two system calls a packet. Written for this; it has no line in common with the server.
 */
final class TftpFetch {

  private static final int DATA = 3;
  private static final int ACK = 4;
  private static final int ERROR = 5;
  private static final int OACK = 6;
  private static final long REPEAT_NANOS = 1_000_000_000L;
  private static final int MAX_REPEATS = 20;

  private final String file;
  private final int blockSize;
  private final int windowSize;
  private final byte[] content;
  private final DatagramChannel socket;
  private final ByteBuffer last = ByteBuffer.allocateDirect(512);
  private InetSocketAddress peer;
  private volatile long heardAt;
  private volatile int repeats;
  private volatile int retransmissions;
  private volatile boolean done;

  /**
   * @param local the address that the client has
   * @param size the file's, which is known beforehand
   */
  TftpFetch(
      String local, InetSocketAddress server, String file, int size, int blockSize, int windowSize)
      throws IOException {
    this.peer = server;
    this.file = file;
    this.blockSize = blockSize;
    this.windowSize = windowSize;
    this.content = new byte[size];
    this.socket =
        DatagramChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(local, 0));
  }

  byte[] content() {
    return content;
  }

  /** How often it repeated what it had sent. */
  int retransmissions() {
    return retransmissions;
  }

  /**
   * Runs to its end; blocks.
   *
   * @return nanoseconds from the request to the last block
   */
  long run() throws IOException {
    long began = System.nanoTime();
    heardAt = began;
    Thread repeater = Thread.ofVirtual().start(this::repeat);
    try (socket) {
      request();
      receive();
      return System.nanoTime() - began;
    } finally {
      done = true;
      repeater.interrupt();
    }
  }

  private void request() throws IOException {
    String options = windowSize > 1 ? "windowsize\0" + windowSize + "\0" : "";
    String text = file + "\0octet\0blksize\0" + blockSize + "\0" + options;
    synchronized (last) {
      last.clear().putShort((short) 1).put(text.getBytes(StandardCharsets.US_ASCII)).flip();
      socket.send(last, peer);
    }
  }

  private void receive() throws IOException {
    ByteBuffer packet = ByteBuffer.allocateDirect(blockSize + 4);
    peer = (InetSocketAddress) socket.receive(packet.clear());
    socket.connect(peer);
    long received = 0;
    int inWindow = 0;
    boolean gapTold = false;
    while (true) {
      packet.flip();
      heardAt = System.nanoTime();
      repeats = 0;
      int kind = packet.remaining() < 4 ? 0 : packet.getShort(0);
      if (kind == ERROR) {
        throw new IOException("the server says error " + packet.getShort(2));
      }
      if (kind == OACK && received == 0) {
        requireAccepted(packet);
        acknowledge(0);
      } else if (kind == DATA && packet.getShort(2) == (short) (received + 1)) {
        int length = packet.remaining() - 4;
        packet.get(4, content, Math.toIntExact(received * blockSize), length);
        received++;
        gapTold = false;
        if (length < blockSize) {
          acknowledge(received);
          return;
        }
        if (++inWindow >= windowSize) {
          inWindow = 0;
          acknowledge(received);
        }
      } else if (kind == DATA && windowSize > 1 && !gapTold) {
        gapTold = true;
        inWindow = 0;
        acknowledge(received);
      }
      packet.clear();
      while (socket.read(packet) == 0) {
        packet.clear();
      }
    }
  }

  /** A server that answers with another size would be measured with that. */
  private void requireAccepted(ByteBuffer packet) throws IOException {
    byte[] octets = new byte[packet.remaining() - 2];
    packet.get(2, octets);
    String options =
        "\0" + new String(octets, StandardCharsets.US_ASCII).toLowerCase(java.util.Locale.ROOT);
    if (!options.contains("\0blksize\0" + blockSize + "\0")
        || windowSize > 1 && !options.contains("\0windowsize\0" + windowSize + "\0")) {
      throw new IOException("the server chose other options: " + options.replace('\0', ' '));
    }
  }

  private void acknowledge(long block) throws IOException {
    synchronized (last) {
      last.clear().putShort((short) ACK).putShort((short) block).flip();
      socket.write(last);
    }
  }

  /**
   * What was sent last, once more after a second of silence; a client that gives up is a failure.
   */
  private void repeat() {
    try {
      while (!done) {
        Thread.sleep(100);
        if (System.nanoTime() - heardAt > REPEAT_NANOS) {
          heardAt = System.nanoTime();
          if (++repeats > MAX_REPEATS) {
            socket.close();
            return;
          }
          synchronized (last) {
            last.rewind();
            socket.send(last, peer);
            retransmissions++;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // the socket is closed: so the other thread hears of it, too
    }
  }
}
