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

  private final Vertx vertx;
  private final Sightings sightings;
  private final CloudWriter writer;
  private boolean running;
  private boolean again;

  public Enroller(Vertx vertx, Sightings sightings, CloudWriter writer) {
    this.vertx = vertx;
    this.sightings = sightings;
    this.writer = writer;
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
          running = false;
          if (done.failed()) {
            LOG.log(System.Logger.Level.WARNING, "not enrolled: {0}", done.cause().toString());
          } else if (again) {
            wake();
          }
        });
  }

  private Future<Void> round() {
    return sightings
        .list()
        .compose(seen -> Future.join(seen.stream().map(one -> enrol(one.sighting())).toList()))
        .compose(all -> {
          List<Mac> enrolled = all.<Mac>list().stream().filter(mac -> mac.bits() != 0).toList();
          return enrolled.isEmpty() ? Future.succeededFuture() : sightings.delete(enrolled);
        });
  }

  /** The card if it belongs to a machine now; the zero address if it has to wait. */
  private Future<Mac> enrol(Sighting sighting) {
    return writer
        .submit(
            new Command.Enrol(new MachineId(new Uid(UUID.randomUUID())), sighting),
            Origin.of("pxe-server", "dhcp:discover"))
        .map(outcome ->
            switch (outcome) {
              case Outcome.Done done -> sighting.mac();
              case Outcome.Failed failed -> {
                LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} waits: {1}",
                    sighting.mac(),
                    failed.failure().message());
                yield new Mac(0);
              }
            });
  }
}
