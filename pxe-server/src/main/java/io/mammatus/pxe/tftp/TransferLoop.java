package io.mammatus.pxe.tftp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The thread that all transfers of one server run on: in lock step nothing counts but the time
 * between an acknowledgement and the next block, so there is no other thread between the two. It
 * may read from a disk, as a web server's sendfile does; the event loops may not.
 *
 * <p>Each transfer that can go on does one step a turn, whatever it has left to do: that is its
 * fair share.
 */
final class TransferLoop implements AutoCloseable {

  /** Waits are a third of a second and longer: they need not be kept to the millisecond. */
  private static final long TICK_MILLIS = 50;

  /**
   * Who answers within this time is waited for without going to sleep, as being woken takes longer
   * than that. Machines behind a switch take longer, too: for them nothing is burnt.
   */
  private static final long SPIN_NANOS = 50_000;

  private static final boolean MAY_SPIN = Runtime.getRuntime().availableProcessors() > 1;

  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Set<TftpTransfer> transfers = new LinkedHashSet<>();
  private final Packets packets = new Packets();
  private long lookedAt;
  private long awakeUntil = System.nanoTime();
  private volatile boolean closed;

  /** Starts the thread. */
  TransferLoop(String name) throws IOException {
    selector = Selector.open();
    thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    thread.start();
  }

  /** Has something done on the thread; not any more once it is closed. */
  void execute(Runnable task) {
    tasks.add(task);
    if (!Thread.currentThread().equals(thread)) {
      selector.wakeup();
    }
  }

  /** On the thread: from now on the transfer is told when its socket is ready, and the time. */
  SelectionKey add(TftpTransfer transfer, SelectableChannel socket) throws IOException {
    transfers.add(transfer);
    return socket.register(selector, SelectionKey.OP_READ, transfer);
  }

  /** On the thread. */
  void remove(TftpTransfer transfer) {
    transfers.remove(transfer);
  }

  /** What packets are read into and written from, one at a time, on the thread. */
  Packets packets() {
    return packets;
  }

  /** Ends the transfers and the thread. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
  }

  private void run() {
    try (selector) {
      while (!closed) {
        turn();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a selector on sockets of one's own does not fail", e);
    } catch (ClosedSelectorException e) {
      // closed
    } finally {
      List.copyOf(transfers).forEach(transfer -> transfer.stop("server-stopped"));
    }
  }

  private void turn() throws IOException {
    int ready = selector.selectNow(this::handle);
    while (ready == 0 && System.nanoTime() - awakeUntil < 0) {
      Thread.onSpinWait();
      ready = selector.selectNow(this::handle);
    }
    // Looking without waiting has used up the call to wake up that came with a task.
    if (ready == 0 && tasks.isEmpty()) {
      selector.select(this::handle, transfers.isEmpty() ? 0 : TICK_MILLIS);
    }
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    long now = System.nanoTime();
    if (now - lookedAt > TICK_MILLIS * 1_000_000) {
      lookedAt = now;
      new ArrayList<>(transfers).forEach(transfer -> transfer.tick(now));
    }
  }

  private void handle(SelectionKey key) {
    TftpTransfer transfer = (TftpTransfer) key.attachment();
    transfer.ready();
    long expected = transfer.answerTakes();
    if (MAY_SPIN && expected > 0 && expected <= SPIN_NANOS) {
      awakeUntil = System.nanoTime() + 2 * expected;
    }
  }
}
