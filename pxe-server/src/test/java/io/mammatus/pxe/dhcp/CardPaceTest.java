package io.mammatus.pxe.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Mac;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CardPaceTest {

  private static final Mac CARD = new Mac(0x525400000001L);

  private final CardPace pace = new CardPace();

  private long allowed(Mac card, int packets, long now) {
    return IntStream.range(0, packets).filter(i -> pace.allows(card, now)).count();
  }

  @Test
  void aBurstAndThenSoManyASecond() {
    long now = Long.MAX_VALUE - 5 * CardPace.INTERVAL; // the counter runs over meanwhile
    assertThat(allowed(CARD, 1000, now)).isEqualTo(CardPace.BURST);
    assertThat(allowed(CARD, 1000, now + 10 * CardPace.INTERVAL)).isEqualTo(10);
    assertThat(allowed(CARD, 1000, now + 100 * CardPace.INTERVAL)).isEqualTo(CardPace.BURST);
  }

  @Test
  void nobodyPaysForWhatAnotherSends() {
    assertThat(allowed(CARD, 1000, 1)).isEqualTo(CardPace.BURST);
    for (int card = 2; card < 20_000; card++) {
      assertThat(pace.allows(new Mac(0x525400000000L + card), 1)).isTrue();
    }
    assertThat(allowed(CARD, 1000, 1)).as("the loud one stays quiet").isZero();
  }
}
