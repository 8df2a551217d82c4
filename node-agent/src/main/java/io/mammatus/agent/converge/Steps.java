package io.mammatus.agent.converge;

import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.InstanceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is left to do: a pure function of what should be and what is. The same two always give the
 * same steps, so that a crash in the middle costs nothing but looking again.
 */
public final class Steps {

  private Steps() {}

  /** The steps, in the order in which they should be taken: what goes first makes room. */
  public static List<Step> between(NodeDesired desired, Actual actual) {
    List<Step> steps = new ArrayList<>();
    unwanted(desired, actual)
        .sorted((a, b) -> a.uid().compareTo(b.uid()))
        .forEach(id -> steps.add(new Step.Destroy(id)));
    List<ImageDesired> missing =
        desired.images().stream().filter(image -> !actual.images().contains(key(image))).toList();
    missing.stream()
        .filter(image -> isNeededNow(desired, actual, image))
        .forEach(image -> steps.add(new Step.Fetch(image)));
    desired.instances().forEach(instance -> bring(desired, actual, instance, steps));
    missing.stream()
        .filter(image -> !isNeededNow(desired, actual, image))
        .forEach(image -> steps.add(new Step.Fetch(image)));
    Set<String> kept = desired.images().stream().map(Steps::key).collect(Collectors.toSet());
    actual.images().stream()
        .filter(image -> !kept.contains(image))
        .sorted()
        .forEach(image -> steps.add(new Step.Forget(image)));
    return steps;
  }

  /**
   * The first step that may be taken now. A step waits while its subject is held, and while a step
   * before it that it builds on is not done: what was never made cannot be run, and trying would
   * tell of a second trouble in place of the first.
   */
  static Optional<Step> next(List<Step> steps, Predicate<Object> isHeld) {
    Set<Object> undone = new HashSet<>();
    for (Step step : steps) {
      if (Collections.disjoint(undone, needs(step)) && !isHeld.test(subject(step))) {
        return Optional.of(step);
      }
      undone.add(subject(step));
    }
    return Optional.empty();
  }

  /** What a step is about: an image's key or an instance's id. */
  static Object subject(Step step) {
    return switch (step) {
      case Step.Fetch s -> key(s.image());
      case Step.Create s -> s.instance().id();
      case Step.Run s -> s.instance();
      case Step.Destroy s -> s.instance();
      case Step.Forget s -> s.image();
    };
  }

  /** The subjects that have to be done with before this step. */
  private static Set<Object> needs(Step step) {
    return step instanceof Step.Create create
        ? Set.of(subject(create), key(create.image()))
        : Set.of(subject(step));
  }

  /** What nobody wants, and what was begun and may not be made any more. */
  private static Stream<InstanceId> unwanted(NodeDesired desired, Actual actual) {
    Set<InstanceId> wanted = ids(desired.instances().stream());
    Set<InstanceId> mayBeMade = ids(desired.instances().stream().filter(InstanceDesired::create));
    return Stream.concat(
        actual.instances().keySet().stream().filter(id -> !wanted.contains(id)),
        actual.unfinished().stream().filter(id -> !mayBeMade.contains(id)));
  }

  private static Set<InstanceId> ids(Stream<InstanceDesired> instances) {
    return instances.map(InstanceDesired::id).collect(Collectors.toSet());
  }

  private static void bring(
      NodeDesired desired, Actual actual, InstanceDesired instance, List<Step> steps) {
    Boolean running = actual.instances().get(instance.id());
    if (running == null) {
      Optional<ImageDesired> image = image(desired, instance);
      if (instance.create() && image.isPresent()) {
        steps.add(new Step.Create(instance, image.get()));
        steps.add(new Step.Run(instance.id()));
      }
    } else if (!running) {
      steps.add(new Step.Run(instance.id()));
    }
  }

  private static boolean isNeededNow(NodeDesired desired, Actual actual, ImageDesired image) {
    return desired.instances().stream()
        .anyMatch(i ->
            i.create()
                && i.image().equals(image.name())
                && !actual.instances().containsKey(i.id()));
  }

  /** The instances that are to be made, and whose image the node is not told of. */
  static List<InstanceDesired> withoutImage(NodeDesired desired, Actual actual) {
    return desired.instances().stream()
        .filter(InstanceDesired::create)
        .filter(instance -> !actual.instances().containsKey(instance.id()))
        .filter(instance -> image(desired, instance).isEmpty())
        .toList();
  }

  /** The image that an instance is made of; empty if the node is not told of it. */
  static Optional<ImageDesired> image(NodeDesired desired, InstanceDesired instance) {
    return desired.images().stream().filter(i -> i.name().equals(instance.image())).findFirst();
  }

  /**
   * How an image is named on a node. The digests are in it because a version says what an image was
   * built from, and two builds of that may still differ; with the digests, what a node has is what
   * is wanted or something else, never something in between.
   */
  public static String key(ImageDesired image) {
    return "%s/%s@%s-%s"
        .formatted(image.name(), image.version(), digest(image.metadata()), digest(image.rootfs()));
  }

  /** Enough to tell builds apart and to read aloud; downloads are checked by the whole of it. */
  private static String digest(Blob blob) {
    return blob.sha256().substring(0, 12);
  }
}
