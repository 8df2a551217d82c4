package io.mammatus.pxe.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Mac;
import org.junit.jupiter.api.Test;

class ParkingTest {

  private static final Mac A = new Mac(1);
  private static final Mac B = new Mac(2);
  private static final Mac C = new Mac(3);

  @Test
  void oneACardTheNewestAndSoManyAtMost() {
    Parking<String> parking = new Parking<>(2);
    assertThat(parking.park(A, "a1", 0)).isEqualTo(Parking.Result.NEW);
    assertThat(parking.park(B, "b1", 1)).isEqualTo(Parking.Result.NEW);
    assertThat(parking.park(C, "c1", 2)).isEqualTo(Parking.Result.FULL);
    assertThat(parking.park(A, "a2", 3)).isEqualTo(Parking.Result.REPLACED);
    assertThat(parking.waiting()).containsExactly(B, A);
    assertThat(parking.take(A)).contains("a2");
    assertThat(parking.take(A)).isEmpty();
  }

  @Test
  void whatIsStaleGoes() {
    Parking<String> parking = new Parking<>(10);
    long stay = Parking.STAY.toNanos();
    parking.park(A, "a", 0);
    parking.park(B, "b", 10);
    assertThat(parking.expired(stay - 1)).isEmpty();
    assertThat(parking.expired(stay)).containsExactly("a");
    assertThat(parking.waiting()).containsExactly(B);
  }
}
