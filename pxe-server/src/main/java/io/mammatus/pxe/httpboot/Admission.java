package io.mammatus.pxe.httpboot;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lets a number of transfers of each file go on at once; the others wait, first come, first served.
 * When a rack is switched on, the first machines so have their image early and get out of the way,
 * where otherwise all would have it late. Thread-safe: connections live on several event loops.
 */
final class Admission {

  private final int places;
  private final Map<String, Queue<Ticket>> waiting = new HashMap<>();
  private final Map<String, Integer> inside = new HashMap<>();

  /**
   * @param places for each file
   */
  Admission(int places) {
    this.places = places;
  }

  /** A transfer's place, or its place in the queue. */
  final class Ticket {
    private final String file;
    private final Runnable admitted;
    private boolean has;

    private Ticket(String file, Runnable admitted) {
      this.file = file;
      this.admitted = admitted;
    }

    /** Gives the place to the next, or leaves the queue; nothing happens the second time. */
    void leave() {
      Ticket next = Admission.this.leave(this);
      if (next != null) {
        next.admitted.run();
      }
    }
  }

  /** A ticket, and how many wait before it: 0 if it has its place already. */
  record Entered(Ticket ticket, int position) {}

  /**
   * Asks for a place.
   *
   * @param admitted run when there is one, if there is none now; on any thread
   */
  synchronized Entered enter(String file, Runnable admitted) {
    Ticket ticket = new Ticket(file, admitted);
    int taken = inside.getOrDefault(file, 0);
    if (taken < places) {
      inside.put(file, taken + 1);
      ticket.has = true;
      return new Entered(ticket, 0);
    }
    Queue<Ticket> queue = waiting.computeIfAbsent(file, _ -> new ArrayDeque<>());
    queue.add(ticket);
    return new Entered(ticket, queue.size());
  }

  /** How many transfers of all files wait. */
  synchronized int waiting() {
    return waiting.values().stream().mapToInt(Queue::size).sum();
  }

  private synchronized @Nullable Ticket leave(Ticket ticket) {
    Queue<Ticket> queue = waiting.getOrDefault(ticket.file, new ArrayDeque<>());
    if (!ticket.has) {
      queue.remove(ticket);
      forgetEmpty(ticket.file, queue);
      return null;
    }
    ticket.has = false;
    Ticket next = queue.poll();
    if (next != null) {
      next.has = true;
      forgetEmpty(ticket.file, queue);
    } else {
      inside.computeIfPresent(ticket.file, (_, n) -> n > 1 ? n - 1 : null);
    }
    return next;
  }

  private void forgetEmpty(String file, Queue<Ticket> queue) {
    if (queue.isEmpty()) {
      waiting.remove(file);
    }
  }
}
