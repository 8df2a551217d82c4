package io.mammatus.pxe.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.Uid;
import io.mammatus.pxe.lease.LeaseBook.Answer;
import io.mammatus.pxe.lease.LeaseBook.Refusal;
import io.mammatus.pxe.testing.Dhcp;
import io.mammatus.store.lease.Lease;
import io.mammatus.store.lease.Lease.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseBookTest {

  private static final NetworkId NETWORK = new NetworkId(new Uid(new UUID(0, 1)));
  private static final Instant START = Instant.parse("2026-01-02T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final LeaseBook book = book(dhcp("10.0.0.10-10.0.0.12", null));
  private Instant now = START;

  private static DhcpSpec dhcp(String pool, @Nullable Integer perPort, String... excluded) {
    return Dhcp.of(pool).without(excluded).perPort(perPort).spec();
  }

  private static LeaseBook book(DhcpSpec dhcp, Lease... known) {
    return new LeaseBook(NETWORK, dhcp, List.of(known));
  }

  private static Lease.Client client(int number) {
    return client(number, "");
  }

  private static Lease.Client client(int number, String port) {
    return new Lease.Client(new Mac(0x020000000000L + number), "", "", port, Ipv4.ANY);
  }

  private static Ipv4 ip(int last) {
    return Ipv4.parse("10.0.0." + last);
  }

  private static Answer granted(int last) {
    return new Answer.Granted(ip(last));
  }

  private Answer offer(int number) {
    return book.offer(client(number), Optional.empty(), now);
  }

  private Lease binds(int number, int last) {
    assertThat(book.mayHave(client(number), ip(last), now)).isTrue();
    Lease lease = book.lease(client(number), ip(last), HOUR, now);
    book.bind(lease);
    return lease;
  }

  @Test
  void eachClientHasItsOwnAndIsOfferedTheSameAgain() {
    assertThat(offer(1)).isEqualTo(granted(10));
    assertThat(offer(2)).isEqualTo(granted(11));
    assertThat(offer(1)).isEqualTo(granted(10));
    binds(1, 10);
    assertThat(offer(1)).isEqualTo(granted(10));
    assertThat(book.leased()).isOne();
  }

  @Test
  void whatItAsksForIsGivenIfNobodyHadIt() {
    assertThat(book.offer(client(1), Optional.of(ip(12)), now)).isEqualTo(granted(12));
    assertThat(book.offer(client(2), Optional.of(ip(12)), now)).isEqualTo(granted(10));
    assertThat(book.offer(client(3), Optional.of(ip(99)), now)).isEqualTo(granted(11));
  }

  @Test
  void aFullPoolSaysSoUntilAnOfferLapses() {
    for (int i = 1; i <= 3; i++) {
      assertThat(offer(i)).isInstanceOf(Answer.Granted.class);
    }
    assertThat(offer(4)).isEqualTo(new Answer.Refused(Refusal.POOL_FULL));
    now = now.plus(LeaseBook.OFFER_STANDS);
    assertThat(offer(4)).isEqualTo(granted(10));
  }

  @Test
  void whoComesBackGetsTheSameAndTheLongestRestingGoesFirst() {
    offer(1);
    binds(1, 10);
    offer(2);
    binds(2, 11);
    now = now.plus(HOUR);
    offer(3);
    binds(3, 12);
    assertThat(offer(2)).isEqualTo(granted(11));
    assertThat(offer(4)).as("nothing is fresh any more").isEqualTo(granted(10));
    assertThat(offer(1)).as("its own is gone").isEqualTo(new Answer.Refused(Refusal.POOL_FULL));
  }

  @Test
  void aRenewalKeepsItAndLasts() {
    offer(1);
    Lease first = binds(1, 10);
    now = now.plus(HOUR.dividedBy(2));
    Lease second = binds(1, 10);
    assertThat(second.since()).isEqualTo(first.since());
    assertThat(second.until()).isEqualTo(now.plus(HOUR));
    now = now.plus(HOUR.minusSeconds(1));
    assertThat(book.mayHave(client(2), ip(10), now)).isFalse();
  }

  @Test
  void whatWasReleasedIsItsUntilSomebodyNeedsIt() {
    offer(1);
    binds(1, 10);
    assertThat(book.release(client(2).mac(), ip(10), now)).as("not its own").isEmpty();
    assertThat(book.release(client(1).mac(), ip(10), now))
        .hasValueSatisfying(lease -> assertThat(lease.state()).isEqualTo(State.RELEASED));
    assertThat(book.release(client(1).mac(), ip(10), now)).as("twice").isEmpty();
    assertThat(offer(2)).isEqualTo(granted(11));
    assertThat(offer(1)).isEqualTo(granted(10));
  }

  @Test
  void whatWasDeclinedIsNobodysForAWhile() {
    offer(1);
    Lease lease = binds(1, 10);
    assertThat(book.decline(client(1).mac(), ip(10), now))
        .hasValueSatisfying(declined -> {
          assertThat(declined.state()).isEqualTo(State.DECLINED);
          assertThat(declined.until()).isEqualTo(now.plus(LeaseBook.QUARANTINE));
          assertThat(declined.since()).isEqualTo(lease.since());
        });
    assertThat(offer(1)).isEqualTo(granted(11));
    assertThat(offer(2)).isEqualTo(granted(12));
    assertThat(book.mayHave(client(3), ip(10), now)).isFalse();
    assertThat(offer(3)).isEqualTo(new Answer.Refused(Refusal.POOL_FULL));
    now = now.plus(LeaseBook.QUARANTINE);
    assertThat(book.offer(client(3), Optional.of(ip(10)), now)).isInstanceOf(Answer.Granted.class);
  }

  @Test
  void anOfferThatWasForgottenIsHonoured() {
    assertThat(book.mayHave(client(1), ip(11), now)).isTrue();
    binds(1, 11);
    assertThat(book.mayHave(client(1), ip(12), now)).as("it has one").isFalse();
    assertThat(book.mayHave(client(2), ip(11), now)).as("somebody has it").isFalse();
    assertThat(book.mayHave(client(2), ip(9), now)).as("not in the pool").isFalse();
  }

  @Test
  void onePortCannotTakeEverything() {
    LeaseBook limited = book(dhcp("10.0.0.10-10.0.0.20", 2));
    assertThat(limited.offer(client(1, "a1"), Optional.empty(), now)).isEqualTo(granted(10));
    assertThat(limited.offer(client(2, "a1"), Optional.empty(), now)).isEqualTo(granted(11));
    Answer.Refused full = new Answer.Refused(Refusal.PORT_FULL);
    assertThat(limited.offer(client(3, "a1"), Optional.empty(), now)).isEqualTo(full);
    assertThat(limited.mayHave(client(3, "a1"), ip(15), now)).isFalse();
    assertThat(limited.offer(client(3, "a2"), Optional.empty(), now)).isEqualTo(granted(12));
    assertThat(limited.offer(client(4, ""), Optional.empty(), now)).isEqualTo(granted(13));
    now = now.plus(LeaseBook.OFFER_STANDS);
    assertThat(limited.offer(client(3, "a1"), Optional.empty(), now)).isEqualTo(granted(12));
  }

  @Test
  void oneRelayCannotTakeEverything() {
    DhcpSpec one = dhcp("10.0.0.10-10.0.0.20", null);
    LeaseBook limited = book(Dhcp.of(one.pools()).perRelay(2).spec());
    Lease.Client first = behind(1, ip(1));
    assertThat(limited.offer(first, Optional.empty(), now)).isEqualTo(granted(10));
    limited.bind(limited.lease(first, ip(10), HOUR, now));
    assertThat(limited.offer(behind(2, ip(1)), Optional.empty(), now)).isEqualTo(granted(11));
    Answer.Refused full = new Answer.Refused(Refusal.RELAY_FULL);
    assertThat(limited.offer(behind(3, ip(1)), Optional.empty(), now)).isEqualTo(full);
    assertThat(limited.mayHave(behind(3, ip(1)), ip(15), now)).isFalse();
    assertThat(limited.mayHave(first, ip(10), now)).as("who has one renews it").isTrue();
    assertThat(limited.offer(behind(3, ip(2)), Optional.empty(), now)).isEqualTo(granted(12));
    assertThat(limited.offer(client(4), Optional.empty(), now)).isEqualTo(granted(13));
    limited.release(first.mac(), ip(10), now);
    assertThat(limited.offer(behind(5, ip(1)), Optional.empty(), now)).isEqualTo(granted(14));
  }

  private static Lease.Client behind(int number, Ipv4 relay) {
    return new Lease.Client(client(number).mac(), "", "", "", relay);
  }

  @Test
  void whatWasWrittenDownIsRememberedAfterARestart() {
    LeaseBook again =
        book(
            dhcp("10.0.0.10-10.0.0.13", null),
            written(1, 10, State.BOUND, HOUR),
            written(2, 11, State.RELEASED, Duration.ZERO),
            written(3, 12, State.DECLINED, HOUR));
    assertThat(again.offer(client(4), Optional.empty(), now)).isEqualTo(granted(13));
    assertThat(again.offer(client(2), Optional.empty(), now)).isEqualTo(granted(11));
    assertThat(again.offer(client(1), Optional.empty(), now)).isEqualTo(granted(10));
    assertThat(again.offer(client(3), Optional.empty(), now))
        .isEqualTo(new Answer.Refused(Refusal.POOL_FULL));
  }

  private static Lease written(int number, int last, State state, Duration left) {
    return new Lease(NETWORK, ip(last), client(number), state, START, START.plus(left));
  }

  @Test
  void exclusionsAreNotGivenAndAChangeOfThePoolHolds() {
    LeaseBook narrow = book(dhcp("10.0.0.10-10.0.0.12", null, "10.0.0.10-10.0.0.11"));
    assertThat(narrow.offer(client(1), Optional.of(ip(10)), now)).isEqualTo(granted(12));
    narrow.change(dhcp("10.0.0.20-10.0.0.21", null));
    assertThat(narrow.offer(client(1), Optional.empty(), now)).isEqualTo(granted(20));
    assertThat(narrow.mayHave(client(1), ip(12), now)).isFalse();
  }

  /** Both ask for it before what the first was given is written. */
  @Test
  void anAddressThatIsBeingWrittenIsNobodyElses() {
    assertThat(book.mayHave(client(1), ip(12), now)).isTrue();
    Lease first = book.lease(client(1), ip(12), HOUR, now);
    assertThat(book.mayHave(client(2), ip(12), now)).isFalse();
    assertThat(book.offer(client(3), Optional.of(ip(12)), now)).isEqualTo(granted(10));
    assertThat(book.bind(first)).isTrue();
    assertThat(book.addressOf(client(1).mac())).contains(ip(12));
  }

  @Test
  void whatCouldNotBeWrittenIsFreeAgainByItself() {
    book.lease(client(1), ip(10), HOUR, now);
    now = now.plus(LeaseBook.OFFER_STANDS);
    assertThat(book.mayHave(client(2), ip(10), now)).isTrue();
  }

  @Test
  void whoGivesItBackWhileItIsWrittenHasItNoMore() {
    offer(1);
    binds(1, 10);
    Lease renewal = book.lease(client(1), ip(10), HOUR, now);
    assertThat(book.release(client(1).mac(), ip(10), now)).isPresent();
    assertThat(book.bind(renewal)).isFalse();
    assertThat(book.mayHave(client(2), ip(10), now)).isTrue();
  }

  /** It was offered one address and takes another, as with a lease of before. */
  @Test
  void whatItWasOfferedBeforeIsForOthers() {
    assertThat(offer(1)).isEqualTo(granted(10));
    binds(1, 12);
    assertThat(offer(2)).isEqualTo(granted(11));
    assertThat(offer(3)).isEqualTo(granted(10));
  }

  @Test
  void aRenewalPastTheRelayStillCountsThere() {
    LeaseBook limited = book(dhcp("10.0.0.10-10.0.0.20", 1));
    Lease.Client relayed = new Lease.Client(client(1).mac(), "", "", "a1", Ipv4.parse("10.9.0.1"));
    limited.offer(relayed, Optional.empty(), now);
    limited.bind(limited.lease(relayed, ip(10), HOUR, now));
    Lease renewed = limited.lease(client(1), ip(10), HOUR, now);
    assertThat(renewed.client()).isEqualTo(relayed);
    limited.bind(renewed);
    assertThat(limited.offer(client(2, "a1"), Optional.empty(), now))
        .isEqualTo(new Answer.Refused(Refusal.PORT_FULL));
    Lease.Client moved = new Lease.Client(client(1).mac(), "", "", "b7", Ipv4.parse("10.9.0.2"));
    assertThat(limited.lease(moved, ip(10), HOUR, now).client()).isEqualTo(moved);
  }

  @Test
  void onlyWhatItWasToldItHasCanBeDeclinedAndNotWithoutEnd() {
    LeaseBook wide = book(dhcp("10.0.0.10-10.0.0.19", null));
    assertThat(wide.offer(client(1), Optional.empty(), now)).isEqualTo(granted(10));
    assertThat(wide.decline(client(1).mac(), ip(10), now)).as("only offered").isEmpty();
    for (int last = 10; last < 10 + LeaseBook.MAX_DECLINED; last++) {
      assertThat(wide.declinesTooOften(client(1).mac())).isFalse();
      wide.offer(client(1), Optional.empty(), now);
      wide.bind(wide.lease(client(1), ip(last), HOUR, now));
      assertThat(wide.decline(client(1).mac(), ip(last), now)).isPresent();
    }
    assertThat(wide.declinesTooOften(client(1).mac())).isTrue();
    assertThat(wide.offer(client(1), Optional.empty(), now)).isEqualTo(granted(13));
    wide.bind(wide.lease(client(1), ip(13), HOUR, now));
    assertThat(wide.decline(client(1).mac(), ip(13), now)).isEmpty();
    assertThat(wide.declinesTooOften(client(2).mac())).isFalse();
  }

  @Test
  void aDeclinedAddressCountsForItsPortAndIsGivenBeforeNobodyGetsAny() {
    LeaseBook limited = book(dhcp("10.0.0.10-10.0.0.11", 1));
    limited.offer(client(1, "a1"), Optional.empty(), now);
    limited.bind(limited.lease(client(1, "a1"), ip(10), HOUR, now));
    assertThat(limited.decline(client(1).mac(), ip(10), now)).isPresent();
    assertThat(limited.offer(client(2, "a1"), Optional.empty(), now))
        .isEqualTo(new Answer.Refused(Refusal.PORT_FULL));
    assertThat(limited.offer(client(2), Optional.empty(), now)).isEqualTo(granted(11));
    limited.bind(limited.lease(client(2), ip(11), HOUR, now));
    assertThat(limited.offer(client(3), Optional.empty(), now))
        .isEqualTo(new Answer.Refused(Refusal.POOL_FULL));
    now = now.plus(LeaseBook.QUARANTINE_AT_LEAST);
    assertThat(limited.offer(client(3), Optional.empty(), now)).isEqualTo(granted(10));
    assertThat(limited.offer(client(4, "a1"), Optional.empty(), now))
        .as("the port is free again, the pool is not")
        .isEqualTo(new Answer.Refused(Refusal.POOL_FULL));
  }

  /** Offers that lapse leave each of them an address that it was offered once. */
  @Test
  void whoComesBackToItsRestingAddressIsCountedToo() {
    LeaseBook limited = book(dhcp("10.0.0.10-10.0.0.20", 1));
    for (int number = 1; number <= 3; number++) {
      assertThat(limited.offer(client(number, "a1"), Optional.empty(), now))
          .isEqualTo(granted(9 + number));
      now = now.plus(LeaseBook.OFFER_STANDS);
    }
    assertThat(limited.mayHave(client(1, "a1"), ip(10), now)).isTrue();
    limited.bind(limited.lease(client(1, "a1"), ip(10), HOUR, now));
    assertThat(limited.mayHave(client(2, "a1"), ip(11), now)).isFalse();
    assertThat(limited.mayHave(client(1, "a1"), ip(10), now)).isTrue();
  }

  /** What this server's own probe found is not the client's doing. */
  @Test
  void whatAProbeFoundTakenCountsForNobody() {
    LeaseBook limited = book(dhcp("10.0.0.10-10.0.0.12", 1));
    limited.offer(client(1, "a1"), Optional.empty(), now);
    assertThat(limited.taken(client(1).mac(), ip(10), now)).isPresent();
    assertThat(limited.offer(client(1, "a1"), Optional.empty(), now)).isEqualTo(granted(11));
  }
}
