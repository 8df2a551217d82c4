package io.mammatus.agent.converge;

import static io.mammatus.agent.converge.Wanted.fresh;
import static io.mammatus.agent.converge.Wanted.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What every driver of instances keeps, the fake and the real ones. */
public abstract class DriverContract {

  /** Ready, and with nothing of ours in it. */
  protected abstract InstanceDriver driver();

  /** An image that the driver can fetch. */
  protected abstract ImageDesired image();

  /** One that it cannot. */
  protected abstract ImageDesired imageThatIsNotServed();

  /** The same thing without the driver. */
  protected abstract ByHand byHand();

  protected static <T> T await(Future<T> future) {
    try {
      return future.await(2, TimeUnit.MINUTES);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came within two minutes", e);
    }
  }

  private Actual actual() {
    return await(driver().inspect());
  }

  @Test
  void aLifeFromTheImageToTheEndWithEveryStepTwice() {
    String key = Steps.key(image());
    for (int i = 0; i < 2; i++) {
      await(driver().fetch(image()));
      assertThat(actual().images()).containsExactly(key);
      assertThat(actual().instances()).isEmpty();
    }
    for (int i = 0; i < 2; i++) {
      await(driver().create(fresh(1), image()));
      assertThat(actual().instances()).containsOnlyKeys(id(1)).containsEntry(id(1), false);
    }
    for (int i = 0; i < 2; i++) {
      await(driver().run(id(1)));
      assertThat(actual().instances()).containsEntry(id(1), true);
    }
    await(driver().create(fresh(1), image()));
    assertThat(actual().instances()).as("it is left as it is").containsEntry(id(1), true);
    for (int i = 0; i < 2; i++) {
      await(driver().destroy(id(1)));
      assertThat(actual().instances()).isEmpty();
      assertThat(actual().images()).containsExactly(key);
    }
  }

  @Test
  void startingAgainForgetsNothing() {
    await(driver().fetch(image()));
    await(driver().create(fresh(1), image()));
    await(driver().start());
    assertThat(actual().images()).containsExactly(Steps.key(image()));
    assertThat(actual().instances()).containsOnlyKeys(id(1));
  }

  @Test
  void withoutItsImageAnInstanceIsNotMade() {
    assertThatThrownBy(() -> await(driver().create(fresh(1), image()))).isNotNull();
    assertThat(actual().instances()).isEmpty();
  }

  @Test
  void anImageThatDoesNotComeIsAFailureAndNoImage() {
    assertThatThrownBy(() -> await(driver().fetch(imageThatIsNotServed()))).isNotNull();
    assertThat(actual().images()).isEmpty();
  }

  @Test
  void whatIsNotThereIsNotRunAndIsGoneAlready() {
    assertThatThrownBy(() -> await(driver().run(id(9)))).isNotNull();
    await(driver().destroy(id(9)));
  }

  @Test
  void makingItTwiceMakesOne() {
    await(driver().fetch(image()));
    await(driver().fetch(image()));
    assertThat(byHand().images()).isOne();
    await(driver().create(fresh(1), image()));
    await(driver().create(fresh(1), image()));
    assertThat(byHand().containers()).isOne();
    await(driver().create(fresh(2), image()));
    assertThat(actual().instances()).containsOnlyKeys(id(1), id(2));
  }

  @Test
  void anImageThatWasNotNamedBeforeACrashIsNamedAndNotKeptTwice() {
    byHand().leaveUnnamed(image());
    assertThat(actual().images()).as("nobody knows what it is").isEmpty();
    await(driver().fetch(image()));
    assertThat(actual().images()).containsExactly(Steps.key(image()));
    assertThat(byHand().images()).isOne();
    await(driver().create(fresh(1), image()));
  }

  @Test
  void theSameImageUnderTwoNamesIsKeptOnce() {
    ImageDesired other = new ImageDesired("other", "2", image().metadata(), image().rootfs());
    await(driver().fetch(image()));
    await(driver().fetch(other));
    assertThat(actual().images()).containsExactlyInAnyOrder(Steps.key(image()), Steps.key(other));
    assertThat(byHand().images()).isOne();
    await(driver().create(fresh(1), other));
    await(driver().forget(Steps.key(image())));
    assertThat(actual().images()).containsExactly(Steps.key(other));
    assertThat(byHand().images()).as("it has another name").isOne();
  }

  @Test
  void anImageIsForgottenAndWhatWasMadeOfItStays() {
    await(driver().fetch(image()));
    await(driver().create(fresh(1), image()));
    await(driver().run(id(1)));
    for (int i = 0; i < 2; i++) {
      await(driver().forget(Steps.key(image())));
      assertThat(actual().images()).isEmpty();
      assertThat(byHand().images()).isZero();
    }
    assertThat(actual().instances()).containsEntry(id(1), true);
    await(driver().destroy(id(1)));
    await(driver().fetch(image()));
    await(driver().create(fresh(1), image()));
  }

  @Test
  void nobodyElsesImageIsForgotten() {
    byHand().makeForeign();
    int all = byHand().images();
    await(driver().forget("foreign"));
    await(driver().forget("no-such/1@0-0"));
    assertThat(byHand().images()).isEqualTo(all);
    assertThat(byHand().isForeignUntouched()).isTrue();
  }

  @Test
  void whatWasLeftHalfMadeIsMadeAnew() {
    await(driver().fetch(image()));
    byHand().leaveHalfMade(fresh(1));
    assertThat(actual().instances()).as("not to be taken for an instance").isEmpty();
    assertThat(actual().unfinished()).containsExactly(id(1));
    await(driver().create(fresh(1), image()));
    assertThat(actual().unfinished()).isEmpty();
    assertThat(byHand().containers()).isOne();
    await(driver().run(id(1)));
    assertThat(actual().instances()).containsEntry(id(1), true);
  }

  @Test
  void whatWasLeftHalfMadeAndIsNotWantedIsRemoved() {
    byHand().leaveHalfMade(fresh(1));
    await(driver().destroy(id(1)));
    assertThat(actual().unfinished()).isEmpty();
    assertThat(byHand().containers()).isZero();
  }

  @Test
  void whatWasStoppedOrPausedByHandIsRunAgain() {
    await(driver().fetch(image()));
    await(driver().create(fresh(1), image()));
    await(driver().run(id(1)));
    byHand().stop(id(1));
    assertThat(actual().instances()).containsEntry(id(1), false);
    await(driver().run(id(1)));
    assertThat(actual().instances()).containsEntry(id(1), true);
    byHand().pause(id(1));
    assertThat(actual().instances()).containsEntry(id(1), false);
    await(driver().run(id(1)));
    assertThat(actual().instances()).containsEntry(id(1), true);
    byHand().pause(id(1));
    await(driver().destroy(id(1)));
    assertThat(byHand().containers()).isZero();
  }

  @Test
  void whatIsNotOursIsNeitherListedNorTouched() {
    byHand().makeForeign();
    assertThat(actual()).isEqualTo(new Actual(Set.of(), Map.of(), Set.of()));
    await(driver().start());
    await(driver().fetch(image()));
    await(driver().create(fresh(1), image()));
    await(driver().run(id(1)));
    await(driver().destroy(id(1)));
    assertThat(actual().instances()).isEmpty();
    assertThat(byHand().isForeignUntouched()).isTrue();
    assertThat(byHand().containers()).isOne();
  }
}
