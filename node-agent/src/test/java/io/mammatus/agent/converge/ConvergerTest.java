package io.mammatus.agent.converge;

import static io.mammatus.agent.converge.Wanted.DEBIAN;
import static io.mammatus.agent.converge.Wanted.SPARE;
import static io.mammatus.agent.converge.Wanted.fresh;
import static io.mammatus.agent.converge.Wanted.id;
import static io.mammatus.agent.converge.Wanted.old;
import static io.mammatus.agent.converge.Wanted.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.node.NodeObserved.InstanceState;
import io.mammatus.core.node.NodeObserved.State;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConvergerTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final FakeDriver driver = new FakeDriver();
  private final List<NodeObserved> reports = new CopyOnWriteArrayList<>();
  private final Converger converger = new Converger(vertx, driver, reports::add);

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private void want(NodeDesired desired) {
    context.runOnContext(v -> converger.want(desired));
  }

  private NodeObserved awaitReport(Predicate<NodeObserved> wanted) {
    await().atMost(SOON).until(() -> reports.stream().anyMatch(wanted));
    return reports.stream().filter(wanted).findFirst().orElseThrow();
  }

  private void awaitConverged(long generation) {
    awaitReport(report -> report.generation() == generation && report.converged());
  }

  private static boolean says(NodeObserved report, State state, String reason) {
    return report.instances().stream()
        .anyMatch(i -> i.state() == state && i.reason().equals(reason));
  }

  @Test
  void bringsUpWhatIsWantedInOrderAndSaysSo() {
    want(state(5, List.of(SPARE, DEBIAN), fresh(1)));
    awaitConverged(5);
    assertThat(driver.done)
        .containsExactly("fetch debian", "create web-1", "run " + id(1), "fetch spare");
    assertThat(reports.getFirst().instances())
        .containsExactly(new InstanceState(id(1), State.CREATING, "", ""));
    assertThat(reports.getLast())
        .isEqualTo(
            new NodeObserved(5, true, List.of(new InstanceState(id(1), State.RUNNING, "", ""))));
  }

  @Test
  void removesWhatIsNotWantedAnyMore() {
    driver.images.add(Steps.key(DEBIAN));
    driver.instances.put(id(1), true);
    driver.instances.put(id(2), true);
    want(state(6, List.of(DEBIAN), old(2)));
    awaitConverged(6);
    assertThat(driver.instances).containsOnlyKeys(id(2));
  }

  @Test
  void anOlderDesiredStateIsPassedOver() {
    want(state(7, List.of(DEBIAN), fresh(1)));
    want(state(6, List.of(DEBIAN)));
    awaitConverged(7);
    assertThat(driver.instances).containsOnlyKeys(id(1));
    assertThat(reports).noneMatch(report -> report.generation() == 6);
  }

  @Test
  void afterAResetAnyStateIsTaken() {
    want(state(7, List.of(DEBIAN), fresh(1)));
    awaitConverged(7);
    context.runOnContext(v -> {
      converger.reset();
      converger.want(state(3, List.of(DEBIAN)));
    });
    awaitConverged(3);
    assertThat(driver.instances).isEmpty();
  }

  @Test
  void whatFailsIsToldTriedAgainAndHoldsUpNothingElse() {
    driver.broken.add("run");
    driver.instances.put(id(9), true);
    want(state(1, List.of(DEBIAN, SPARE), fresh(1)));
    awaitReport(report -> says(report, State.FAILED, "start-failed"));
    await().atMost(SOON).until(() -> driver.images.contains(Steps.key(SPARE)));
    assertThat(driver.instances).doesNotContainKey(id(9));
    await()
        .atMost(SOON)
        .until(() -> driver.done.stream().filter(s -> s.startsWith("run ")).count() >= 2);
    driver.broken.clear();
    awaitConverged(1);
    assertThat(reports.getLast().instances())
        .containsExactly(new InstanceState(id(1), State.RUNNING, "", ""));
  }

  @Test
  void anImageThatDoesNotComeIsTheReasonThatItsInstanceGives() {
    driver.broken.add("fetch");
    want(state(1, List.of(DEBIAN), fresh(1)));
    NodeObserved report = awaitReport(r -> says(r, State.FAILED, "image-failed"));
    assertThat(report.converged()).isFalse();
    assertThat(report.instances().getFirst().message()).contains("does not work today");
    // The second try is after every step that does not wait for the image was taken.
    await().atMost(SOON).until(() -> Collections.frequency(driver.done, "fetch debian") >= 2);
    assertThat(driver.done).containsOnly("fetch debian");
    assertThat(reports)
        .allMatch(r -> says(r, State.CREATING, "") || says(r, State.FAILED, "image-failed"));
    driver.broken.clear();
    awaitConverged(1);
  }

  /** An image may go while its instance is on its way. That is no end: it may come back. */
  @Test
  void anInstanceWhoseImageIsGoneSaysSoAndIsNotConverged() {
    want(state(1, List.of(), fresh(1)));
    NodeObserved report = awaitReport(r -> says(r, State.FAILED, "unknown-image"));
    assertThat(report.instances().getFirst().message()).contains("no image debian");
    assertThat(reports).noneMatch(NodeObserved::converged);
    want(state(2, List.of(DEBIAN), fresh(1)));
    awaitConverged(2);
  }

  @Test
  void anInstanceThatIsThereNeedsItsImageNoMore() {
    driver.instances.put(id(1), true);
    want(state(1, List.of(), fresh(1)));
    awaitConverged(1);
  }

  @Test
  void aDriverThatIsNotThereYetIsTriedAgain() {
    driver.broken.add("start");
    want(state(1, List.of(DEBIAN), fresh(1)));
    driver.broken.add("inspect");
    driver.broken.remove("start");
    await().atMost(SOON).until(() -> driver.inspections.get() >= 2);
    driver.broken.clear();
    awaitConverged(1);
  }

  /** Trouble with something that is wanted no more is over: it must not keep the loop turning. */
  @Test
  void troubleEndsWithWhatItWasAbout() {
    driver.broken.add("fetch");
    want(state(1, List.of(DEBIAN), fresh(1)));
    awaitReport(r -> says(r, State.FAILED, "image-failed"));
    want(state(2, List.of()));
    awaitConverged(2);
    int before = driver.inspections.get();
    // The trouble would have been due for another try within a second.
    await()
        .pollDelay(Duration.ofMillis(2500))
        .atMost(SOON)
        .until(() -> driver.inspections.get() <= before + 2);
  }

  @Test
  void whatWasDoneByHandIsPutRight() {
    want(state(1, List.of(DEBIAN), fresh(1)));
    awaitConverged(1);
    driver.instances.put(id(1), false);
    driver.instances.put(id(4), true);
    context.runOnContext(v -> converger.signal());
    await().atMost(SOON).until(() -> driver.instances.getOrDefault(id(1), false));
    await().atMost(SOON).until(() -> !driver.instances.containsKey(id(4)));
  }
}
