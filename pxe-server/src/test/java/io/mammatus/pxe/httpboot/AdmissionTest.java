package io.mammatus.pxe.httpboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  private final Admission admission = new Admission(2);
  private final List<String> admitted = new ArrayList<>();

  @Test
  void firstComeFirstServed() {
    Admission.Entered one = enter("image", "one");
    Admission.Entered two = enter("image", "two");
    Admission.Entered three = enter("image", "three");
    Admission.Entered four = enter("image", "four");
    assertThat(List.of(one.position(), two.position(), three.position(), four.position()))
        .isEqualTo(List.of(0, 0, 1, 2));
    two.ticket().leave();
    assertThat(admitted).isEqualTo(List.of("three"));
    two.ticket().leave();
    assertThat(admitted).isEqualTo(List.of("three"));
    one.ticket().leave();
    assertThat(admitted).isEqualTo(List.of("three", "four"));
    assertThat(admission.waiting()).isZero();
  }

  @Test
  void eachFileHasItsOwnPlaces() {
    enter("image", "one");
    enter("image", "two");
    assertThat(enter("other", "three").position()).isZero();
  }

  @Test
  void whoGivesUpWaitingLeavesTheQueue() {
    Admission.Entered one = enter("image", "one");
    enter("image", "two");
    Admission.Entered three = enter("image", "three");
    enter("image", "four");
    three.ticket().leave();
    one.ticket().leave();
    assertThat(admitted).isEqualTo(List.of("four"));
  }

  @Test
  void allPlacesComeBack() {
    for (int round = 0; round < 5; round++) {
      Admission.Entered one = enter("image", "one");
      Admission.Entered two = enter("image", "two");
      assertThat(one.position() + two.position()).isZero();
      one.ticket().leave();
      two.ticket().leave();
    }
  }

  @Test
  void oneClientHasHalfOfThePlacesHoweverOftenItAsks() {
    Admission four = new Admission(4);
    Admission.Entered first = four.enter("image", "greedy", () -> admitted.add("greedy 1"));
    for (int i = 2; i < 10; i++) {
      String who = "greedy " + i;
      four.enter("image", "greedy", () -> admitted.add(who));
    }
    assertThat(four.waiting()).isEqualTo(7);
    assertThat(four.enter("image", "other", () -> {}).position()).isZero();
    first.ticket().leave();
    assertThat(admitted).containsExactly("greedy 3");
  }

  @Test
  void whoWaitsHasItsTurnWithTheOtherClients() {
    Admission.Entered one = enter("image", "one");
    Admission.Entered two = enter("image", "two");
    for (int i = 1; i <= 3; i++) {
      String who = "greedy " + i;
      admission.enter("image", "greedy", () -> admitted.add(who));
    }
    enter("image", "late");
    one.ticket().leave();
    two.ticket().leave();
    assertThat(admitted).containsExactly("greedy 1", "late");
    assertThat(admission.waiting()).isEqualTo(2);
  }

  private Admission.Entered enter(String file, String who) {
    return admission.enter(file, who, () -> admitted.add(who));
  }
}
