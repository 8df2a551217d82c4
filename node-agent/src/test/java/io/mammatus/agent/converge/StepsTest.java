package io.mammatus.agent.converge;

import static io.mammatus.agent.converge.Wanted.DEBIAN;
import static io.mammatus.agent.converge.Wanted.SPARE;
import static io.mammatus.agent.converge.Wanted.fresh;
import static io.mammatus.agent.converge.Wanted.id;
import static io.mammatus.agent.converge.Wanted.old;
import static io.mammatus.agent.converge.Wanted.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.InstanceId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StepsTest {

  private static final ImageDesired OLDER =
      new ImageDesired("debian", "0", DEBIAN.metadata(), DEBIAN.rootfs());
  private static final ImageDesired REBUILT =
      new ImageDesired("debian", "1", DEBIAN.metadata(), new Blob("1".repeat(64), 1));
  private static final Set<String> NO_IMAGE = Set.of();
  private static final Set<String> HAS_DEBIAN = Set.of(Steps.key(DEBIAN));

  private static NodeDesired wants(InstanceDesired... instances) {
    return state(1, List.of(DEBIAN), instances);
  }

  private static Actual has(Set<String> images, Map<InstanceId, Boolean> instances) {
    return new Actual(images, instances, Set.of());
  }

  private static Actual halfMade(int... numbers) {
    return new Actual(
        HAS_DEBIAN,
        Map.of(),
        Arrays.stream(numbers).mapToObj(Wanted::id).collect(Collectors.toSet()));
  }

  static Stream<Arguments> cases() {
    Step.Fetch fetch = new Step.Fetch(DEBIAN);
    Step.Create create = new Step.Create(fresh(1), DEBIAN);
    Step.Run run = new Step.Run(id(1));
    return Stream.of(
        of("nothing wanted, nothing there", state(1, List.of()), has(NO_IMAGE, Map.of())),
        of("an image is fetched ahead of need", wants(), has(NO_IMAGE, Map.of()), fetch),
        of("fetched, made, run", wants(fresh(1)), has(NO_IMAGE, Map.of()), fetch, create, run),
        of("the image is there", wants(fresh(1)), has(HAS_DEBIAN, Map.of()), create, run),
        of("made, not running", wants(fresh(1)), has(HAS_DEBIAN, Map.of(id(1), false)), run),
        of("running", wants(fresh(1)), has(HAS_DEBIAN, Map.of(id(1), true))),
        of("one that it had is not made again", wants(old(1)), has(HAS_DEBIAN, Map.of())),
        of(
            "one that it had is run again",
            wants(old(1)),
            has(HAS_DEBIAN, Map.of(id(1), false)),
            run),
        of(
            "not wanted any more: removed whether it runs or not, before anything is made",
            wants(fresh(1)),
            has(HAS_DEBIAN, Map.of(id(3), true, id(2), false)),
            destroy(2),
            destroy(3),
            create,
            run),
        of(
            "without its image nothing is made",
            state(1, List.of(), fresh(1)),
            has(NO_IMAGE, Map.of())),
        of(
            "another version of the image is another image",
            wants(fresh(1)),
            has(Set.of(Steps.key(OLDER)), Map.of()),
            fetch,
            create,
            run,
            forget(OLDER)),
        of(
            "the same version of other content is another image",
            wants(),
            has(Set.of(Steps.key(REBUILT)), Map.of()),
            fetch,
            forget(REBUILT)),
        of(
            "an image that nobody wants any more goes, whatever was made of it",
            state(1, List.of(), old(1)),
            has(HAS_DEBIAN, Map.of(id(1), true)),
            forget(DEBIAN)),
        of("left half-made: made anew", wants(fresh(1)), halfMade(1), create, run),
        of("half-made and not wanted", wants(), halfMade(2, 1), destroy(1), destroy(2)),
        of("half-made, and may not be made any more", wants(old(1)), halfMade(1), destroy(1)),
        of(
            "what is needed now comes before what may be needed",
            state(1, List.of(SPARE, DEBIAN), fresh(1)),
            has(NO_IMAGE, Map.of()),
            fetch,
            create,
            run,
            new Step.Fetch(SPARE)),
        of(
            "an instance that runs needs no image",
            state(1, List.of(DEBIAN), old(1)),
            has(NO_IMAGE, Map.of(id(1), true)),
            fetch));
  }

  private static Step destroy(int number) {
    return new Step.Destroy(id(number));
  }

  private static Step forget(ImageDesired image) {
    return new Step.Forget(Steps.key(image));
  }

  private static Arguments of(String name, NodeDesired desired, Actual actual, Step... steps) {
    return Arguments.of(name, desired, actual, List.of(steps));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void between(String name, NodeDesired desired, Actual actual, List<Step> steps) {
    assertThat(Steps.between(desired, actual)).as(name).isEqualTo(steps);
    assertThat(Steps.between(desired, actual)).as("the same again").isEqualTo(steps);
  }

  static Stream<Arguments> held() {
    Step fetch = new Step.Fetch(DEBIAN);
    Step ahead = new Step.Fetch(SPARE);
    Step create = new Step.Create(fresh(1), DEBIAN);
    Step run = new Step.Run(id(1));
    Step other = new Step.Run(id(2));
    Object image = Steps.key(DEBIAN);
    return Stream.of(
        next("nothing to do", List.of(), Set.of()),
        next("the first of all", List.of(fetch, create, run), Set.of(), fetch),
        next("no image: neither made nor run", List.of(fetch, create, run), Set.of(image)),
        next("nor when the instance was held", List.of(fetch, create, run), Set.of(image, id(1))),
        next("not made: not run", List.of(create, run), Set.of(id(1))),
        next("others go on", List.of(fetch, create, run, other), Set.of(image), other),
        next("images, too", List.of(fetch, create, run, ahead), Set.of(image), ahead),
        next("not removed: not made", List.of(destroy(1), create, run), Set.of(id(1))),
        next(
            "not removed: others are", List.of(destroy(1), destroy(2)), Set.of(id(1)), destroy(2)));
  }

  private static Arguments next(String name, List<Step> steps, Set<Object> held, Step... next) {
    return Arguments.of(name, steps, held, Arrays.stream(next).findFirst());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("held")
  void next(String name, List<Step> steps, Set<Object> held, Optional<Step> next) {
    assertThat(Steps.next(steps, held::contains)).as(name).isEqualTo(next);
  }
}
