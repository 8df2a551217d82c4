package io.mammatus.pxe.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.net.Ipv4;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class UpstreamQueryTest {

  private static final Name NAME = Name.fromConstantString("www.some-thing.example.com.");
  private static final ForwardKey KEY = new ForwardKey(NAME, Type.A, DClass.IN, false, false);
  private static final UpstreamQuery QUERY =
      UpstreamQuery.of(KEY, 0x1234, new Random(1)::nextBoolean, true);

  @Test
  void theNameIsAskedForInMixedCase() throws IOException {
    String sent = new Message(QUERY.encode()).getQuestion().getName().toString();
    assertThat(sent).isEqualToIgnoringCase(NAME.toString());
    assertThat(sent).isNotEqualTo(NAME.toString());
    assertThat(sent.chars().filter(Character::isUpperCase).count()).isGreaterThan(3);
  }

  @Test
  void theAnswerIsTakenForWhatItIs() {
    assertThat(QUERY.outcome(response(_ -> {}), false))
        .isInstanceOfSatisfying(
            UpstreamQuery.Outcome.Answer.class,
            answer ->
                assertThat(answer.reply().answer())
                    .extracting(Record::rdataToString)
                    .containsExactly("192.0.2.1"));
  }

  @Test
  void whatWasNotAskedForIsStray() {
    List<byte[]> strays =
        List.of(
            response(message -> message.getHeader().setID(0x1235)),
            response(message -> message.getHeader().unsetFlag(Flags.QR)),
            response(
                message -> question(message, Name.fromConstantString("evil.example."), Type.A)),
            response(message -> question(message, QUERY.name(), Type.AAAA)),
            new byte[11]);
    for (byte[] stray : strays) {
      assertThat(QUERY.outcome(stray, false)).isEqualTo(new UpstreamQuery.Outcome.Stray());
    }
  }

  @Test
  void anotherCaseOrACutOffAnswerIsAskedForByTcp() {
    byte[] lower = response(message -> question(message, NAME, Type.A));
    byte[] cut = response(message -> message.getHeader().setFlag(Flags.TC));
    assertThat(QUERY.outcome(lower, false)).isEqualTo(new UpstreamQuery.Outcome.ByTcp());
    assertThat(QUERY.outcome(cut, false)).isEqualTo(new UpstreamQuery.Outcome.ByTcp());
    assertThat(QUERY.outcome(lower, true)).isInstanceOf(UpstreamQuery.Outcome.Answer.class);
  }

  @Test
  void aFailureIsSomebodyElsesTurn() {
    byte[] refused = response(message -> message.getHeader().setRcode(Rcode.REFUSED));
    assertThat(QUERY.outcome(refused, false))
        .isEqualTo(new UpstreamQuery.Outcome.Failed("upstream-refused"));
  }

  /** Who guesses the identifier has not guessed the letters' case. */
  @Test
  void anErrorIsBelievedAsLittleAsAnAnswer() {
    byte[] servfail = error(Rcode.SERVFAIL, QUERY.name());
    assertThat(QUERY.outcome(servfail, false))
        .isEqualTo(new UpstreamQuery.Outcome.Failed("upstream-servfail"));
    assertThat(QUERY.outcome(error(Rcode.SERVFAIL, NAME), false))
        .isEqualTo(new UpstreamQuery.Outcome.ByTcp());
    assertThat(QUERY.outcome(Arrays.copyOf(servfail, 12), false))
        .isEqualTo(new UpstreamQuery.Outcome.Stray());
    assertThat(QUERY.outcome(bare(Rcode.SERVFAIL), false))
        .isEqualTo(new UpstreamQuery.Outcome.Stray());
    assertThat(QUERY.outcome(error(Rcode.SERVFAIL, Name.fromConstantString("evil.test.")), false))
        .isEqualTo(new UpstreamQuery.Outcome.Stray());
  }

  /** RFC 6891, section 6.2.2; some answer with a header and nothing else. */
  @ParameterizedTest
  @ValueSource(ints = {Rcode.FORMERR, Rcode.NOTIMP})
  void whoDoesNotKnowOptIsAskedWithoutIt(int rcode) throws IOException {
    for (byte[] packet : List.of(error(rcode, QUERY.name()), bare(rcode))) {
      assertThat(QUERY.outcome(packet, false)).isEqualTo(new UpstreamQuery.Outcome.WithoutEdns());
    }
    UpstreamQuery plain = new UpstreamQuery(KEY, 0x1234, QUERY.name(), false);
    assertThat(new Message(plain.encode()).getOPT()).isNull();
    assertThat(plain.outcome(error(rcode, QUERY.name()), false))
        .isInstanceOf(UpstreamQuery.Outcome.Failed.class);
    assertThat(plain.outcome(bare(rcode), false)).isEqualTo(new UpstreamQuery.Outcome.Stray());
  }

  @Test
  void theCountsAreNotBelieved() {
    byte[] packet = response(_ -> {});
    ByteBuffer.wrap(packet).putShort(6, (short) 0xffff);
    assertThat(QUERY.outcome(packet, false))
        .isEqualTo(new UpstreamQuery.Outcome.Failed("upstream-malformed"));
    byte[] cut = Arrays.copyOf(response(_ -> {}), packet.length - 1);
    assertThat(QUERY.outcome(cut, false))
        .isEqualTo(new UpstreamQuery.Outcome.Failed("upstream-malformed"));
  }

  /** The library would follow eight thousand of them for each record. */
  @Test
  void aChainOfPointersIsNotFollowed() {
    byte[] whole = response(_ -> {});
    int at = 12 + NAME.length() + 4; // the answer's name: a pointer to the question's
    assertThat(whole[at] & 0xff).isEqualTo(0xc0);
    byte[] packet = Arrays.copyOf(whole, whole.length + 16);
    System.arraycopy(whole, at, packet, whole.length, 16);
    ByteBuffer.wrap(packet).putShort(6, (short) 2);
    assertThat(QUERY.outcome(packet, false)).isInstanceOf(UpstreamQuery.Outcome.Answer.class);
    ByteBuffer.wrap(packet).putShort(whole.length, (short) (0xc000 | at));
    assertThat(QUERY.outcome(packet, false))
        .isEqualTo(new UpstreamQuery.Outcome.Failed("upstream-malformed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1.1", "127.0.0.1:5353", "10.0.0.53:1"})
  void anUpstreamIsAnAddressMaybeWithAPort(String text) {
    assertThat(Upstream.parse(text)).hasToString(text);
    assertThat(Fallback.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dns.example.org", "1.1.1.1:", "1.1.1.1:0", "1.1.1.1:70000", "::1"})
  void nothingElseIsAnUpstream(String text) {
    assertThatThrownBy(() -> Upstream.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thereMayBeNoFallback() {
    assertThat(Fallback.parse("none").upstream()).isEmpty();
    assertThat(Fallback.parse("none")).hasToString("none");
  }

  @Test
  void theMachinesOwnListIsRead() {
    assertThat(
            ResolvConf.parse(
                """
                # made by hand
                search example.org
                nameserver 10.0.0.53
                nameserver\t10.0.0.54   # the other
                nameserver fe80::1%eth0
                nameserver 10.0.0.53
                ;nameserver 10.0.0.55
                options edns0
                """))
        .containsExactly(Upstream.parse("10.0.0.53"), Upstream.parse("10.0.0.54"));
  }

  @Test
  void upstreamsAreAskedInOrderThoseThatAreAwayLastAndTheFallbackIsNoneOfThem() {
    Upstream first = Upstream.parse("10.0.0.1");
    Upstream second = Upstream.parse("10.0.0.2");
    Upstream self = Upstream.parse("10.20.0.1");
    Upstreams upstreams = new Upstreams(one -> one.address().equals(Ipv4.parse("10.20.0.1")));
    assertThat(upstreams.areAllAway()).as("there is none").isTrue();
    upstreams.set(List.of(self, first, second, first), Fallback.parse("1.1.1.1"));
    assertThat(upstreams.inOrder()).containsExactly(first, second);
    assertThat(upstreams.fallback()).contains(Upstream.parse("1.1.1.1"));
    upstreams.away(first);
    assertThat(upstreams.inOrder()).containsExactly(second, first);
    assertThat(upstreams.areAllAway()).isFalse();
    upstreams.away(second);
    assertThat(upstreams.areAllAway()).isTrue();
    upstreams.answered(first);
    assertThat(upstreams.inOrder()).containsExactly(first, second);
    upstreams.set(List.of(first), Fallback.parse("10.0.0.1"));
    assertThat(upstreams.fallback()).as("it is asked as an upstream").isEmpty();
  }

  @Test
  void thatAnUpstreamKnowsNoEdnsIsRememberedForAWhile() {
    Upstream old = Upstream.parse("10.0.0.1");
    Upstreams upstreams = new Upstreams(_ -> false);
    upstreams.set(List.of(old), Fallback.parse("none"));
    assertThat(upstreams.takesEdns(old, 0)).isTrue();
    upstreams.knowsNoEdns(old, 0);
    assertThat(upstreams.takesEdns(old, Upstreams.PLAIN.toNanos() - 1)).isFalse();
    assertThat(upstreams.takesEdns(old, Upstreams.PLAIN.toNanos())).isTrue();
  }

  private static byte[] response(Consumer<Message> change) {
    Message message = new Message(0x1234);
    message.getHeader().setFlag(Flags.QR);
    question(message, QUERY.name(), Type.A);
    message.addRecord(ZoneRecords.a(QUERY.name(), Ipv4.parse("192.0.2.1")), Section.ANSWER);
    change.accept(message);
    return message.toWire(4096);
  }

  private static byte[] error(int rcode, Name name) {
    return response(message -> {
      message.getHeader().setRcode(rcode);
      question(message, name, Type.A);
      message.removeAllRecords(Section.ANSWER);
    });
  }

  private static byte[] bare(int rcode) {
    Message message = new Message(0x1234);
    message.getHeader().setFlag(Flags.QR);
    message.getHeader().setRcode(rcode);
    return message.toWire(512);
  }

  private static void question(Message message, Name name, int type) {
    message.removeAllRecords(Section.QUESTION);
    message.addRecord(Record.newRecord(name, type, DClass.IN), Section.QUESTION);
  }
}
