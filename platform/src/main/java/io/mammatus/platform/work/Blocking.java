package io.mammatus.platform.work;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** Runs what blocks on a worker and brings its result back to the caller's event loop. */
public final class Blocking {

  private Blocking() {}

  /** The work's result; different calls may run at the same time. */
  @SuppressWarnings("NullAway") // Vert.x says "maybe null" because its callable may be; ours is not
  public static <T> Future<T> call(Vertx vertx, Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  /** Work without a result. */
  public interface Action {
    void run() throws Exception;
  }

  /** Completes when the work is done. */
  public static Future<Void> run(Vertx vertx, Action work) {
    return vertx
        .executeBlocking(
            () -> {
              work.run();
              return true;
            },
            false)
        .mapEmpty();
  }
}
