package io.mammatus.cli.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A stream that is closed when its time is over, or when nothing comes for too long: a server that
 * lost its power says nothing, and a reader of events would wait for it for ever. Read by one
 * thread.
 */
final class LiveStream extends FilterInputStream {

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Duration patience;
  private final long end;
  private volatile long lastHeard = System.nanoTime();
  private volatile boolean silent;

  /**
   * @param patience longer than the time in which the other end always says something
   * @param end the time by {@link System#nanoTime} at which it is closed in any case
   */
  LiveStream(InputStream in, Duration patience, long end) {
    super(in);
    this.end = end;
    this.patience = patience;
    Thread.ofVirtual().name("silence").start(this::watch);
  }

  private void watch() {
    try {
      long left = left();
      while (!closed.await(left, TimeUnit.NANOSECONDS)) {
        left = left();
        if (left <= 0) {
          silent = end - System.nanoTime() > 0;
          in.close(); // wakes the reader
          return;
        }
      }
    } catch (InterruptedException | IOException e) {
      // nobody interrupts it, and a stream that cannot be closed is closed
    }
  }

  private long left() {
    long now = System.nanoTime();
    return Math.min(lastHeard + patience.toNanos() - now, end - now);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      int count = super.read(bytes, offset, length);
      lastHeard = System.nanoTime();
      return count;
    } catch (IOException e) {
      throw silent ? new IOException("nothing was heard for " + patience.toSeconds() + " s", e) : e;
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    super.close();
  }
}
