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

  private Admission.Entered enter(String file, String who) {
    return admission.enter(file, () -> admitted.add(who));
  }
}
