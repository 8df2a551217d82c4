package io.mammatus.pxe.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.pxe.lease.LeaseBook.Answer;
import io.mammatus.pxe.testing.Dhcp;
import io.mammatus.store.lease.Lease;
import io.mammatus.store.lease.Lease.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clients that do anything at any time, and what is on disk of it. */
class LeaseBookRandomTest {

  private static final NetworkId NETWORK = new NetworkId(new Uid(new UUID(0, 1)));
  private static final Instant START = Instant.parse("2026-01-02T00:00:00Z");

  private Instant now = START;

  private static LeaseBook book(String pool, @Nullable Integer perPort) {
    return new LeaseBook(NETWORK, Dhcp.of(pool).perPort(perPort).spec(), List.of());
  }

  private static Lease.Client client(int number, String port) {
    return new Lease.Client(new Mac(0x020000000000L + number), "", "", port, Ipv4.ANY);
  }

  private static Ipv4 ip(int last) {
    return Ipv4.parse("10.0.0." + last);
  }

  /**
   * Whatever clients do, and in whatever order and with whatever end their leases are written, no
   * two of them have one address, none has two, and in the end none is lost.
   */
  @Test
  void noAddressIsHadTwiceAndNoneIsLost() {
    Random random = new Random(7);
    LeaseBook small = book("10.0.0.10-10.0.0.19", 4);
    Map<Ipv4, Lease> held = new HashMap<>();
    List<Lease> underWay = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      now = now.plusSeconds(random.nextInt(8));
      held.values().removeIf(lease -> !lease.until().isAfter(now));
      Lease.Client who = client(random.nextInt(16), random.nextBoolean() ? "" : "p");
      Ipv4 wanted = ip(8 + random.nextInt(14));
      switch (random.nextInt(5)) {
        case 0 -> {
          if (small.offer(who, Optional.of(wanted), now) instanceof Answer.Granted(Ipv4 address)) {
            assertThat(small.mayHave(who, address, now)).isTrue();
          }
        }
        case 1 -> {
          if (small.mayHave(who, wanted, now)) {
            underWay.add(small.lease(who, wanted, Duration.ofMinutes(10), now));
          }
        }
        case 2 -> written(small, underWay, held, random);
        case 3 -> small.release(who.mac(), wanted, now).ifPresent(l -> held.remove(l.address()));
        default -> small.decline(who.mac(), wanted, now).ifPresent(l -> held.remove(l.address()));
      }
      assertThat(held.values().stream().map(l -> l.client().mac()).distinct().count())
          .isEqualTo(held.size());
      assertThat(small.leased()).isGreaterThanOrEqualTo(held.size());
    }
    now = now.plus(Duration.ofDays(1));
    for (int number = 100; number < 110; number++) {
      assertThat(small.offer(client(number, ""), Optional.empty(), now))
          .isInstanceOf(Answer.Granted.class);
    }
  }

  /**
   * Whatever clients ask while their leases are being written, in the end the table has those that
   * clients have, and no others: a server that starts then keeps no address for nobody.
   */
  @Test
  void inTheEndWhatIsOnDiskIsWhatIsHad() {
    Random random = new Random(11);
    for (int round = 0; round < 500; round++) {
      LeaseBook small = book("10.0.0.10-10.0.0.15", null);
      Deque<Lease> underWay = new ArrayDeque<>();
      Map<Ipv4, Lease> table = new HashMap<>();
      for (int step = 0; step < 40; step++) {
        Lease.Client who = client(random.nextInt(4), "");
        Ipv4 wanted = ip(10 + random.nextInt(6));
        now = now.plusMillis(1);
        switch (random.nextInt(4)) {
          case 0 -> small.offer(who, Optional.of(wanted), now);
          case 1 -> small.release(who.mac(), wanted, now).ifPresent(underWay::add);
          case 2 -> {
            if (small.mayHave(who, wanted, now)) {
              underWay.add(small.lease(who, wanted, Duration.ofHours(1), now));
            }
          }
          default -> onDisk(small, underWay, table);
        }
      }
      while (!underWay.isEmpty()) {
        onDisk(small, underWay, table);
      }
      assertThat(table.values().stream().filter(lease -> lease.state() == State.BOUND))
          .hasSize(small.leased())
          .allMatch(
              lease -> small.addressOf(lease.client().mac()).equals(Optional.of(lease.address())));
    }
  }

  /** The one that waits longest, as the writer does it. */
  private void onDisk(LeaseBook book, Deque<Lease> underWay, Map<Ipv4, Lease> table) {
    Lease lease = underWay.poll();
    if (lease != null) {
      table.put(lease.address(), lease);
      if (lease.state() == State.BOUND && !book.bind(lease)) {
        book.undo(lease, now).ifPresent(underWay::add);
      }
    }
  }

  /** One of those that are under way is written, or one time in four is not. */
  private static void written(
      LeaseBook book, List<Lease> underWay, Map<Ipv4, Lease> held, Random random) {
    if (underWay.isEmpty()) {
      return;
    }
    Lease lease = underWay.remove(random.nextInt(underWay.size()));
    if (random.nextInt(4) > 0 && book.bind(lease)) {
      Lease other = held.put(lease.address(), lease);
      assertThat(other == null || other.client().mac().equals(lease.client().mac())).isTrue();
    }
  }
}
