package io.mammatus.pxe.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BudgetTest {

  @Test
  void aBurstGoesThroughAndThenSoManyASecond() {
    Budget budget = new Budget(2, 3);
    long now = -5;
    assertThat(budget.take(now)).isTrue();
    assertThat(budget.take(now)).isTrue();
    assertThat(budget.take(now)).isTrue();
    assertThat(budget.take(now)).isFalse();
    now += 500_000_000;
    assertThat(budget.take(now)).isTrue();
    assertThat(budget.take(now)).isFalse();
    now += 60_000_000_000L;
    for (int i = 0; i < 3; i++) {
      assertThat(budget.take(now)).isTrue();
    }
    assertThat(budget.take(now)).isFalse();
  }
}
