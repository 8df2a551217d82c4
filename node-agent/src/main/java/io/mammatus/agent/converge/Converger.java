package io.mammatus.agent.converge;

import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.node.NodeObserved.InstanceState;
import io.mammatus.core.node.NodeObserved.State;
import io.mammatus.core.resource.InstanceId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The loop: look, take one step, look again, until nothing is left. It runs on a signal (a new
 * desired state) and on a timer (what was touched by hand is put right). Confined to one event
 * loop.
 */
public final class Converger {

  private static final long CHECK_MILLIS = 10_000;
  private static final long MAX_BACKOFF_MILLIS = 60_000;

  private record Trouble(int tries, long retryAt, String reason, String message) {}

  private final Vertx vertx;
  private final InstanceDriver driver;
  private final Consumer<NodeObserved> report;
  private final Map<Object, Trouble> troubles = new HashMap<>();
  private @Nullable NodeDesired desired;
  private boolean started;
  private boolean running;
  private boolean again;
  private long timer = -1;

  public Converger(Vertx vertx, InstanceDriver driver, Consumer<NodeObserved> report) {
    this.vertx = vertx;
    this.driver = driver;
    this.report = report;
  }

  /** Forgets what was wanted: a new connection begins with the whole of it. */
  public void reset() {
    desired = null;
  }

  /** Takes a desired state unless it is older than the one at hand. */
  public void want(NodeDesired wanted) {
    if (desired == null || wanted.generation() >= desired.generation()) {
      desired = wanted;
      signal();
    }
  }

  /** Looks again soon. */
  public void signal() {
    again = true;
    if (!running) {
      running = true;
      vertx.runOnContext(v -> round());
    }
  }

  private void round() {
    vertx.cancelTimer(timer);
    again = false;
    NodeDesired wanted = desired;
    if (wanted == null) {
      running = false;
      return;
    }
    startDriver()
        .compose(v -> driver.inspect())
        .compose(actual -> advance(wanted, actual))
        .onComplete(done -> {
          if (done.failed()) {
            troubles.put("driver", trouble("driver", "driver-failed", done.cause()));
          }
          boolean stepped = done.succeeded() && done.result();
          if (stepped || again) {
            vertx.runOnContext(v -> round());
          } else {
            running = false;
            timer = vertx.setTimer(nextCheck(), t -> signal());
          }
        });
  }

  private Future<Void> startDriver() {
    return started ? Future.succeededFuture() : driver.start().onSuccess(v -> started = true);
  }

  /** Takes the first step that may be taken now; false if there was none. */
  private Future<Boolean> advance(NodeDesired wanted, Actual actual) {
    List<Step> steps = Steps.between(wanted, actual);
    // Trouble is over with the step that had it, however that came about.
    troubles.keySet().retainAll(steps.stream().map(Steps::subject).collect(Collectors.toSet()));
    Optional<Step> next = Steps.next(steps, this::isHeld);
    report.accept(observe(wanted, actual, steps));
    if (next.isEmpty()) {
      return Future.succeededFuture(false);
    }
    Step step = next.get();
    return take(step)
        .map(v -> {
          troubles.remove(Steps.subject(step));
          return true;
        })
        .otherwise(e -> {
          troubles.put(Steps.subject(step), trouble(Steps.subject(step), reason(step), e));
          return true;
        });
  }

  private Future<Void> take(Step step) {
    return switch (step) {
      case Step.Fetch s -> driver.fetch(s.image());
      case Step.Create s -> driver.create(s.instance(), s.image());
      case Step.Run s -> driver.run(s.instance());
      case Step.Destroy s -> driver.destroy(s.instance());
      case Step.Forget s -> driver.forget(s.image());
    };
  }

  private boolean isHeld(Object subject) {
    Trouble trouble = troubles.get(subject);
    return trouble != null && System.nanoTime() < trouble.retryAt();
  }

  private Trouble trouble(Object subject, String reason, Throwable e) {
    Trouble before = troubles.get(subject);
    int tries = before == null ? 1 : before.tries() + 1;
    long wait = Math.min(MAX_BACKOFF_MILLIS, 1000L << Math.min(tries - 1, 6));
    return new Trouble(
        tries, System.nanoTime() + wait * 1_000_000, reason, String.valueOf(e.getMessage()));
  }

  private long nextCheck() {
    long soonest =
        troubles.values().stream()
            .mapToLong(t -> (t.retryAt() - System.nanoTime()) / 1_000_000)
            .min()
            .orElse(CHECK_MILLIS);
    return Math.max(100, Math.min(CHECK_MILLIS, soonest));
  }

  private static String reason(Step step) {
    return switch (step) {
      case Step.Fetch s -> "image-failed";
      case Step.Create s -> "create-failed";
      case Step.Run s -> "start-failed";
      case Step.Destroy s -> "destroy-failed";
      case Step.Forget s -> "forget-failed";
    };
  }

  private NodeObserved observe(NodeDesired wanted, Actual actual, List<Step> steps) {
    List<InstanceState> states = new ArrayList<>();
    actual.instances().forEach((id, runs) -> states.add(state(id, runs)));
    for (InstanceDesired instance : wanted.instances()) {
      if (!actual.instances().containsKey(instance.id()) && instance.create()) {
        states.add(absent(wanted, instance));
      }
    }
    // Without its image there is no step for an instance, and still something is left to do.
    boolean converged = steps.isEmpty() && Steps.withoutImage(wanted, actual).isEmpty();
    return new NodeObserved(wanted.generation(), converged, states);
  }

  private InstanceState state(InstanceId id, boolean runs) {
    Trouble trouble = troubles.get(id);
    if (!runs && trouble != null) {
      return new InstanceState(id, State.FAILED, trouble.reason(), trouble.message());
    }
    return new InstanceState(id, runs ? State.RUNNING : State.STOPPED, "", "");
  }

  /** What is in the way first: an image that does not come, then what came of making it. */
  private InstanceState absent(NodeDesired wanted, InstanceDesired instance) {
    Optional<ImageDesired> image = Steps.image(wanted, instance);
    if (image.isEmpty()) {
      String message =
          "there is no image %s any more: it is made as soon as there is"
              .formatted(instance.image());
      return new InstanceState(instance.id(), State.FAILED, "unknown-image", message);
    }
    return Optional.ofNullable(troubles.get(Steps.key(image.get())))
        .or(() -> Optional.ofNullable(troubles.get(instance.id())))
        .map(trouble ->
            new InstanceState(instance.id(), State.FAILED, trouble.reason(), trouble.message()))
        .orElseGet(() -> new InstanceState(instance.id(), State.CREATING, "", ""));
  }
}
