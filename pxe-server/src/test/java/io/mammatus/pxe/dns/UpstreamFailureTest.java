package io.mammatus.pxe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** What is asked of whom when upstreams fail, of which there are many kinds. */
class UpstreamFailureTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String FIRST = "127.53.201.1";
  private static final String SECOND = "127.53.201.2";
  private static final String LAST = "127.53.201.3";
  private static final String OF_FALLBACK = "192.0.2.3";

  private final List<AutoCloseable> open = new ArrayList<>();
  private int port;
  private FakeUpstream fallback;

  @BeforeEach
  void start() throws Exception {
    Prerequisites.require("dig");
    port = RunningDns.freePort(FIRST);
    fallback = upstream(LAST, question -> addressed(question, OF_FALLBACK));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  /** A zone that is broken at an upstream that works: nobody else learns of it. */
  @ParameterizedTest
  @ValueSource(ints = {Rcode.SERVFAIL, Rcode.REFUSED, Rcode.FORMERR, Rcode.NOTIMP})
  void anErrorConcernsOneQuestionAndIsNobodyElses(int rcode) throws Exception {
    upstream(
        FIRST,
        question ->
            isBroken(question)
                ? Optional.of(FakeUpstream.answer(question, rcode))
                : addressed(question, "192.0.2.1"));
    RunningDns dns = dns(FIRST);
    assertThat(dns.dig("broken.corp.example").status()).isEqualTo("SERVFAIL");
    assertThat(dns.dig("git.corp.example").answer()).containsExactly("192.0.2.1");
    assertThat(fallback.asked()).isEmpty();
  }

  @Test
  void theNextUpstreamMayKnowWhatOneFailsAt() throws Exception {
    upstream(FIRST, question -> Optional.of(FakeUpstream.answer(question, Rcode.SERVFAIL)));
    upstream(SECOND, question -> addressed(question, "192.0.2.2"));
    RunningDns dns = dns(FIRST, SECOND);
    assertThat(dns.dig("git.corp.example").answer()).containsExactly("192.0.2.2");
    assertThat(fallback.asked()).isEmpty();
  }

  @Test
  void oneThatIsSlowWithANameIsNotAway() throws Exception {
    FakeUpstream upstream =
        upstream(
            FIRST,
            question -> isBroken(question) ? Optional.empty() : addressed(question, "192.0.2.1"));
    RunningDns dns = dns(FIRST);
    for (String name : List.of("broken.corp.example", "broken.other.example")) {
      assertThat(dns.dig(name).status()).isEqualTo("SERVFAIL");
    }
    assertThat(upstream.wasProbed()).isTrue();
    assertThat(dns.dig("git.corp.example").answer()).containsExactly("192.0.2.1");
    assertThat(fallback.asked()).isEmpty();
  }

  /** One question is enough to find out, and one answer to find out again. */
  @Test
  void theFallbackIsAskedWhileNobodyElseSaysAnythingAtAll() throws Exception {
    AtomicBoolean mute = new AtomicBoolean(true);
    upstream(FIRST, question -> mute.get() ? Optional.empty() : addressed(question, "192.0.2.1"));
    RunningDns dns = dns(FIRST);
    assertThat(dns.dig("a.corp.example").answer()).containsExactly(OF_FALLBACK);
    long began = System.nanoTime();
    assertThat(dns.dig("b.corp.example").answer()).containsExactly(OF_FALLBACK);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(1500));
    mute.set(false);
    assertThat(dns.dig("c.corp.example").answer()).containsExactly("192.0.2.1");
    assertThat(fallback.asked()).hasSize(2);
  }

  /** Split horizon: what strangers do not know may be there when the upstream is back. */
  @Test
  void thatTheFallbackKnowsNothingIsNotRemembered() throws Exception {
    try (FakeUpstream knowing =
            new FakeUpstream(
                SECOND,
                port,
                question -> Optional.of(FakeUpstream.answer(question, Rcode.NXDOMAIN)));
        RunningDns dns = new RunningDns(List.of(FIRST + ":" + port), SECOND + ":" + port)) {
      assertThat(dns.dig("git.corp.example").status()).isEqualTo("NXDOMAIN");
      upstream(FIRST, question -> addressed(question, "192.0.2.1"));
      assertThat(dns.dig("git.corp.example").answer()).containsExactly("192.0.2.1");
      assertThat(knowing.asked()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4.3.2.10.in-addr.arpa",
        "1.0.31.172.in-addr.arpa",
        "1.1.168.192.in-addr.arpa",
        "1.0.64.100.in-addr.arpa",
        "1.d.f.ip6.arpa",
        "nas.home.arpa",
        "x.test",
        "x.corp.internal",
        "printer"
      })
  void whatMeansNothingOutsideIsNotAskedThere(String name) throws Exception {
    RunningDns alone = dns();
    assertThat(alone.dig(name).status()).isEqualTo("NXDOMAIN");
    RunningDns dns = dns(FIRST);
    assertThat(dns.dig(name).status()).as("while the upstream is away").isEqualTo("SERVFAIL");
    upstream(FIRST, question -> addressed(question, "192.0.2.1"));
    assertThat(dns.dig(name).answer()).as("which may know it").containsExactly("192.0.2.1");
    assertThat(alone.dig("www.example.com").answer()).containsExactly(OF_FALLBACK);
    assertThat(fallback.asked()).containsExactly("www.example.com.+edns");
  }

  @Test
  void anUpstreamWithoutEdnsIsAskedWithoutIt() throws Exception {
    FakeUpstream old =
        upstream(
            FIRST,
            question ->
                question.getOPT() == null
                    ? addressed(question, "192.0.2.1")
                    : Optional.of(FakeUpstream.answer(question, Rcode.FORMERR)));
    RunningDns dns = dns(FIRST);
    assertThat(dns.dig("a.corp.example").answer()).containsExactly("192.0.2.1");
    assertThat(dns.dig("b.corp.example").answer()).containsExactly("192.0.2.1");
    assertThat(old.asked())
        .containsExactly("a.corp.example.+edns", "a.corp.example.-edns", "b.corp.example.-edns");
  }

  @Test
  void theLongestAnswerIsTaken() throws Exception {
    String[] addresses =
        IntStream.range(0, 4000)
            .mapToObj(i -> "198.18." + i / 250 + "." + i % 250)
            .toArray(String[]::new);
    upstream(FIRST, question -> addressed(question, addresses));
    RunningDns dns = dns(FIRST);
    for (String how : List.of("forwarded", "cache")) {
      assertThat(dns.dig("+tcp", "many.corp.example").answer()).as(how).hasSize(4000);
    }
    assertThat(dns.dig("+ignore", "many.corp.example").flags()).contains("tc");
  }

  /** Four addresses ask for as many slow names as they like: a fifth finds room. */
  @Test
  void severalTogetherDoNotTakeAllTheRoomEither() throws Exception {
    upstream(
        FIRST,
        question -> isBroken(question) ? Optional.empty() : addressed(question, "192.0.2.1"));
    RunningDns dns = dns(FIRST);
    for (int client = 1; client <= 8; client++) {
      try (DatagramSocket greedy =
          new DatagramSocket(new InetSocketAddress("127.53.66." + client, 0))) {
        for (int i = 0; i < 100; i++) {
          byte[] packet = Fixtures.packet("broken.n" + client + "-" + i + ".example.", Type.A);
          greedy.send(
              new DatagramPacket(
                  packet, packet.length, InetAddress.getByName(RunningDns.ADDRESS), dns.port));
        }
      }
    }
    assertThat(dns.dig("git.corp.example").answer()).containsExactly("192.0.2.1");
    Awaitility.await().atMost(LIMIT).until(() -> dns.counts.of("FAILED A upstream-silent") > 100);
    assertThat(dns.counts.of("FAILED A too-many-pending")).isPositive();
  }

  private RunningDns dns(String... addresses) throws Exception {
    RunningDns dns =
        new RunningDns(
            List.of(addresses).stream().map(address -> address + ":" + port).toList(),
            LAST + ":" + port);
    open.add(dns);
    return dns;
  }

  private FakeUpstream upstream(String address, Function<Message, Optional<Message>> behaviour)
      throws Exception {
    FakeUpstream upstream = new FakeUpstream(address, port, behaviour);
    open.add(upstream);
    return upstream;
  }

  private static boolean isBroken(Message question) {
    return question.getQuestion().getName().getLabelString(0).equalsIgnoreCase("broken");
  }

  private static Optional<Message> addressed(Message question, String... addresses) {
    return Optional.of(FakeUpstream.address(question, addresses));
  }
}
