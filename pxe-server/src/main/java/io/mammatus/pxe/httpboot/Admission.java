package io.mammatus.pxe.httpboot;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lets a number of transfers of each file go on at once; the others wait, first come, first served.
 * When a rack is switched on, the first machines so have their image early and get out of the way,
 * where otherwise all would have it late. One client has at most half of a file's places, and where
 * several wait each client has its turn, however many connections it has. Thread-safe: connections
 * live on several event loops.
 */
final class Admission {

  private final int places;
  private final int perClient;
  private final Map<String, Line> lines = new HashMap<>();

  /**
   * @param places for each file; at least two
   */
  Admission(int places) {
    this.places = places;
    this.perClient = places / 2;
  }

  /** Who has a place for a file, and who waits for one: by client, each client in its turn. */
  private static final class Line {
    final Map<String, Integer> inside = new HashMap<>();
    final Map<String, Queue<Ticket>> waiting = new LinkedHashMap<>();
    int taken;
    int queued;
  }

  /** A transfer's place, or its place in the queue. */
  final class Ticket {
    private final String file;
    private final String client;
    private final Runnable admitted;
    private boolean has;

    private Ticket(String file, String client, Runnable admitted) {
      this.file = file;
      this.client = client;
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

  /** A ticket, and how many wait up to it: 0 if it has its place already. */
  record Entered(Ticket ticket, int position) {}

  /**
   * Asks for a place.
   *
   * @param client whoever asks, such as an address
   * @param admitted run when there is one, if there is none now; on any thread
   */
  synchronized Entered enter(String file, String client, Runnable admitted) {
    Line line = lines.computeIfAbsent(file, _ -> new Line());
    Ticket ticket = new Ticket(file, client, admitted);
    if (line.taken < places && mayEnter(line, client)) {
      take(line, ticket);
      return new Entered(ticket, 0);
    }
    line.waiting.computeIfAbsent(client, _ -> new ArrayDeque<>()).add(ticket);
    return new Entered(ticket, ++line.queued);
  }

  /** How many transfers of all files wait. */
  synchronized int waiting() {
    return lines.values().stream().mapToInt(line -> line.queued).sum();
  }

  private boolean mayEnter(Line line, String client) {
    return line.inside.getOrDefault(client, 0) < perClient;
  }

  private static void take(Line line, Ticket ticket) {
    ticket.has = true;
    line.taken++;
    line.inside.merge(ticket.client, 1, Integer::sum);
  }

  private synchronized @Nullable Ticket leave(Ticket ticket) {
    Line line = lines.get(ticket.file);
    if (line == null) {
      return null;
    }
    Ticket next = null;
    if (ticket.has) {
      ticket.has = false;
      line.taken--;
      line.inside.computeIfPresent(ticket.client, (_, n) -> n > 1 ? n - 1 : null);
      next = next(line);
    } else {
      remove(line, ticket);
    }
    if (line.taken == 0 && line.queued == 0) {
      lines.remove(ticket.file);
    }
    return next;
  }

  /** The first of the client whose turn it is, which is last in turn then. */
  private @Nullable Ticket next(Line line) {
    for (Map.Entry<String, Queue<Ticket>> entry : line.waiting.entrySet()) {
      if (mayEnter(line, entry.getKey())) {
        Ticket ticket = entry.getValue().remove();
        line.queued--;
        line.waiting.remove(entry.getKey());
        if (!entry.getValue().isEmpty()) {
          line.waiting.put(ticket.client, entry.getValue());
        }
        take(line, ticket);
        return ticket;
      }
    }
    return null;
  }

  private static void remove(Line line, Ticket ticket) {
    Queue<Ticket> own = line.waiting.get(ticket.client);
    if (own != null && own.remove(ticket)) {
      line.queued--;
      if (own.isEmpty()) {
        line.waiting.remove(ticket.client);
      }
    }
  }
}
