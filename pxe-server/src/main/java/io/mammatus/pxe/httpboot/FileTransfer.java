package io.mammatus.pxe.httpboot;

import io.mammatus.pxe.trace.BootProgress.Stage;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way to a machine, from its turn in the queue to its end. On the connection's event
 * loop.
 *
 * <p>Nobody times out while it waits: the answer's head goes at once, and a few of the file's
 * octets every other second. EDK II gives a server five seconds for each piece; busybox' wget
 * (which has the root file system to fetch) and iPXE are more patient.
 */
final class FileTransfer {

  private static final Duration TICK = Duration.ofSeconds(2);
  private static final int TRICKLE = 4096;

  /** Ticks between two reports. */
  private static final int REPORT = 6;

  /** Ticks between two looks at whether it moves. */
  private static final int LOOK = 2;

  /**
   * Octets from one look to the next: a megabyte a second, which a link of ten megabits has. A few
   * clients that read less would stop all others.
   */
  private static final long SLOWEST = 4 << 20;

  private final Vertx vertx;
  private final Context context;
  private final FileSender sender;
  private final Transfers.Transfer transfer;
  private final long offset;
  private final long length;
  private Admission.@Nullable Ticket ticket;
  private boolean waiting;
  private boolean over;
  private int ticks;
  private long looked;
  private long reported;
  private long timer = -1;

  FileTransfer(
      Vertx vertx, FileSender sender, Transfers.Transfer transfer, long offset, long length) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.sender = sender;
    this.transfer = transfer;
    this.offset = offset;
    this.length = length;
  }

  /** Sends it now. */
  void begin() {
    start();
    sender.rest();
  }

  /** Sends it when there is a place. */
  void begin(Admission admission, String file, String client) {
    start();
    Admission.Entered entered =
        admission.enter(file, client, () -> context.runOnContext(_ -> admitted()));
    ticket = entered.ticket();
    if (over) {
      entered.ticket().leave(); // it was broken off at once
      return;
    }
    timer = vertx.setPeriodic(TICK.toMillis(), _ -> tick());
    if (entered.position() == 0) {
      sender.rest();
    } else {
      waiting = true;
      transfer.report(Stage.WAITING, 0);
      sender.trickle(TRICKLE);
    }
  }

  private void start() {
    transfer.report(Stage.STARTED, 0);
    sender
        .begin()
        .onComplete(
            _ -> {
              end();
              transfer.report(Stage.FINISHED, length);
            },
            _ -> {
              end();
              transfer.report(Stage.FAILED, sender.position() - offset);
            });
  }

  private void admitted() {
    if (!over) {
      waiting = false;
      sender.rest();
    }
  }

  private void tick() {
    if (waiting) {
      sender.trickle(TRICKLE);
      return;
    }
    ticks++;
    long sent = sender.position() - offset;
    if (ticks % LOOK == 0) {
      if (isStuck(looked, sent)) {
        leave(); // it goes on as fast as it can, and others need not wait for that
      }
      looked = sent;
    }
    if (ticks % REPORT == 0) {
      if (sent > reported) {
        transfer.report(Stage.RUNNING, sent);
      }
      reported = sent;
    }
  }

  static boolean isStuck(long before, long now) {
    return now - before < SLOWEST;
  }

  private void leave() {
    Admission.Ticket held = ticket;
    if (held != null) {
      ticket = null;
      held.leave();
    }
  }

  private void end() {
    over = true;
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
    leave();
  }
}
