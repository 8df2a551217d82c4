package io.mammatus.agent.converge;

import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.InstanceId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A fake: it remembers and does nothing. A test may break it, and change behind its back. */
final class FakeDriver implements InstanceDriver {

  static final ImageDesired NOT_SERVED =
      new ImageDesired("not-served", "1", Wanted.BLOB, Wanted.BLOB);

  final Set<String> images = ConcurrentHashMap.newKeySet();
  final Map<InstanceId, Boolean> instances = new ConcurrentHashMap<>();

  /** Begun, and never ended. */
  final Set<InstanceId> unfinished = ConcurrentHashMap.newKeySet();

  /** What was done or tried, such as {@code create web-1}. */
  final List<String> done = new CopyOnWriteArrayList<>();

  /** Verbs that fail for now. */
  final Set<String> broken = ConcurrentHashMap.newKeySet();

  final AtomicInteger inspections = new AtomicInteger();

  private Future<Void> step(String verb, Object what, Runnable effect) {
    done.add(verb + " " + what);
    if (broken.contains(verb)) {
      return Future.failedFuture(verb + " does not work today");
    }
    effect.run();
    return Future.succeededFuture();
  }

  /** A step that came too early is noted, too: whoever takes the steps should have known. */
  private Future<Void> inVain(String verb, Object what, String why) {
    done.add(verb + " " + what + " in vain");
    return Future.failedFuture(why);
  }

  @Override
  public Future<Void> start() {
    return broken.contains("start")
        ? Future.failedFuture("start does not work today")
        : Future.succeededFuture();
  }

  @Override
  public Future<Actual> inspect() {
    inspections.incrementAndGet();
    return broken.contains("inspect")
        ? Future.failedFuture("inspect does not work today")
        : Future.succeededFuture(new Actual(images, instances, unfinished));
  }

  @Override
  public Future<Void> fetch(ImageDesired image) {
    return image.equals(NOT_SERVED)
        ? Future.failedFuture("not served")
        : step("fetch", image.name(), () -> images.add(Steps.key(image)));
  }

  @Override
  public Future<Void> create(InstanceDesired instance, ImageDesired image) {
    return images.contains(Steps.key(image))
        ? step("create", instance.name(), () -> make(instance.id()))
        : inVain("create", instance.name(), "no image");
  }

  private void make(InstanceId id) {
    unfinished.remove(id);
    instances.putIfAbsent(id, false);
  }

  @Override
  public Future<Void> run(InstanceId instance) {
    return instances.containsKey(instance)
        ? step("run", instance, () -> instances.put(instance, true))
        : inVain("run", instance, "not there");
  }

  @Override
  public Future<Void> forget(String image) {
    return step("forget", image, () -> images.remove(image));
  }

  @Override
  public Future<Void> destroy(InstanceId instance) {
    return step(
        "destroy",
        instance,
        () -> {
          unfinished.remove(instance);
          instances.remove(instance);
        });
  }
}
