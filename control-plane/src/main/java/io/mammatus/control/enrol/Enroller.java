package io.mammatus.control.enrol;

import io.mammatus.control.write.CloudWriter;
import io.mammatus.control.write.Origin;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.sighting.Sightings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/**
 * A reconciler: whatever card was heard and belongs to no machine becomes one. Runs on a
 * notification and on a timer; a card that cannot be enrolled yet (every address is taken) stays in
 * the table and is tried again.
 */
public final class Enroller {

  private static final System.Logger LOG = System.getLogger(Enroller.class.getName());
  private static final long AGAIN_MILLIS = 5_000;

  /** Anybody can invent cards: those that have to wait are not all looked at for each new one. */
  private static final long PAUSE_MILLIS = 1_000;

  private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

  /** A card that is heard no more was passing by, or was invented. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

  private final Vertx vertx;
  private final Sightings sightings;
  private final CloudWriter writer;
  private final InstantSource clock;
  private boolean running;
  private int told;
  private Instant toldAt = Instant.EPOCH;
  private String why = "";
  private boolean again;

  public Enroller(Vertx vertx, Sightings sightings, CloudWriter writer, InstantSource clock) {
    this.vertx = vertx;
    this.sightings = sightings;
    this.writer = writer;
    this.clock = clock;
  }

  /** Begins; on one event loop. */
  public void start() {
    var listener = sightings.subscribe(this::wake);
    LOG.log(System.Logger.Level.DEBUG, "listening: {0}", listener);
    vertx.setPeriodic(AGAIN_MILLIS, timer -> wake());
  }

  private void wake() {
    again = true;
    if (running) {
      return;
    }
    running = true;
    again = false;
    round()
        .onComplete(done -> {
          if (done.failed()) {
            LOG.log(System.Logger.Level.WARNING, "not enrolled: {0}", done.cause().toString());
          }
          if (done.failed() || done.result() > 0) {
            vertx.setTimer(PAUSE_MILLIS, timer -> rested());
          } else {
            rested();
          }
        });
  }

  private void rested() {
    running = false;
    if (again) {
      wake();
    }
  }

  /** How many cards have to wait. */
  private Future<Integer> round() {
    return sightings
        .list()
        .compose(seen -> Future.join(seen.stream().map(this::settle).toList()))
        .compose(all -> {
          List<Mac> settled = all.<Mac>list().stream().filter(mac -> mac.bits() != 0).toList();
          int waiting = all.size() - settled.size();
          tell(waiting);
          Future<Void> deleted =
              settled.isEmpty() ? Future.succeededFuture() : sightings.delete(settled);
          return deleted.map(waiting);
        });
  }

  private void tell(int waiting) {
    Instant now = clock.instant();
    boolean news = (waiting == 0) != (told == 0) || now.isAfter(toldAt.plus(TOLD_EVERY));
    if (waiting != told && news) {
      told = waiting;
      toldAt = now;
      LOG.log(
          System.Logger.Level.WARNING,
          "network cards that were heard and cannot be enrolled: {0} ({1})",
          waiting,
          why);
    }
  }

  /** The card if nothing is left to do about it; the zero address if it has to wait. */
  private Future<Mac> settle(Sightings.Seen seen) {
    boolean gone = seen.lastSeen().isBefore(clock.instant().minus(FORGOTTEN_AFTER));
    return gone ? Future.succeededFuture(seen.sighting().mac()) : enrol(seen.sighting());
  }

  private Future<Mac> enrol(Sighting sighting) {
    return writer
        .submit(
            new Command.Enrol(new MachineId(new Uid(UUID.randomUUID())), sighting),
            Origin.of("pxe-server", "dhcp:discover"))
        .map(outcome ->
            switch (outcome) {
              case Outcome.Done done -> sighting.mac();
              case Outcome.Failed failed -> {
                why = failed.failure().message();
                yield new Mac(0);
              }
            });
  }
}
