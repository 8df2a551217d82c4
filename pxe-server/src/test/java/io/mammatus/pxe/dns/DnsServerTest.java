package io.mammatus.pxe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Real dig, by UDP and TCP. */
class DnsServerTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private RunningDns dns;

  @BeforeEach
  void start() throws Exception {
    Prerequisites.require("dig");
    dns = new RunningDns(List.of(), "none");
    dns.enrol(Fixtures.machine("node-1", "127.53.1.5"));
  }

  @AfterEach
  void stop() throws Exception {
    dns.close();
  }

  @Test
  void hostsAndTheGatewayAndTheWayBack() {
    for (String transport : List.of("+notcp", "+tcp")) {
      Dig host = dns.dig(transport, "node-1.rack.test", "A");
      assertThat(host.answer()).containsExactly("127.53.1.5");
      assertThat(host.flags()).isEqualTo("qr aa rd ra");
      assertThat(host.text()).contains("EDNS: version: 0", "udp: 1232");
      assertThat(dns.dig(transport, "gateway.rack.test", "A").answer())
          .containsExactly("127.53.0.254");
      assertThat(dns.dig(transport, "-x", "127.53.1.5").answer())
          .containsExactly("node-1.rack.test.");
    }
  }

  @Test
  void whatIsNotThereIsToldWithTheSoa() {
    Dig nobody = dns.dig("nobody.rack.test", "A");
    assertThat(nobody.status()).isEqualTo("NXDOMAIN");
    assertThat(nobody.text())
        .containsPattern("rack\\.test\\.\\s+10\\s+IN\\s+SOA\\s+server\\.rack\\.test\\.");
    Dig other = dns.dig("node-1.rack.test", "AAAA");
    assertThat(other.status()).isEqualTo("NOERROR");
    assertThat(other.text()).contains("SOA", "ANSWER: 0");
  }

  @Test
  void aHostIsThereAsSoonAsTheCloudHasIt() {
    assertThat(dns.dig("late.rack.test").status()).isEqualTo("NXDOMAIN");
    dns.enrol(Fixtures.instance("late", "127.53.1.77"));
    assertThat(dns.dig("late.rack.test").answer()).containsExactly("127.53.1.77");
    assertThat(dns.dig("-x", "127.53.1.77").answer()).containsExactly("late.rack.test.");
  }

  @Test
  void nobodyGetsTheZoneAsAWhole() {
    assertThat(dns.dig("rack.test", "AXFR").text()).contains("Transfer failed");
    assertThat(dns.dig("+tcp", "rack.test", "IXFR=1").text()).contains("Transfer failed");
    assertThat(dns.counts.of("ANSWERED TRANSFER zone-transfer")).isEqualTo(1);
    // RFC 1995, section 3: it shows the zone that it has, which makes it no plain question
    assertThat(dns.counts.of("ANSWERED malformed records-in-a-question")).isEqualTo(1);
  }

  @Test
  void withoutAnUpstreamTheRestFails() {
    Dig elsewhere = dns.dig("www.example.com");
    assertThat(elsewhere.status()).isEqualTo("SERVFAIL");
    assertThat(dns.counts.of("FAILED A no-upstream")).isEqualTo(1);
  }

  @Test
  void otherVersionsOfEdnsAndOtherOpcodesAreTold() {
    assertThat(dns.dig("+edns=1", "+noednsneg", "node-1.rack.test").status()).isEqualTo("BADVERS");
    assertThat(dns.dig("+opcode=NOTIFY", "+noedns", "rack.test").status()).isEqualTo("NOTIMP");
    assertThat(dns.dig("+noedns", "node-1.rack.test").text()).doesNotContain("EDNS");
  }

  /** Forty networks that share a domain: their gateways, asked for by somebody on none of them. */
  @Test
  void whatDoesNotFitComesByTcp() {
    List<io.mammatus.pxe.view.Subnet> many = new ArrayList<>(List.of(RunningDns.SUBNET));
    for (int i = 0; i < 40; i++) {
      String prefix = "127.54." + i;
      many.add(
          Fixtures.subnet("e" + i, prefix + ".0/24", prefix + ".1", prefix + ".2", "many.test"));
    }
    dns.subnets(many.toArray(new io.mammatus.pxe.view.Subnet[0]));
    Dig cut = dns.dig("+noedns", "+ignore", "gateway.many.test");
    assertThat(cut.flags()).contains("tc");
    assertThat(cut.answer()).isEmpty();
    Dig again = dns.dig("+noedns", "gateway.many.test");
    assertThat(again.text()).contains("Truncated, retrying in TCP mode", "(TCP)");
    assertThat(again.answer()).hasSize(40);
    assertThat(dns.dig("+bufsize=1232", "+ignore", "gateway.many.test").answer()).hasSize(40);
    assertThat(dns.dig("+bufsize=600", "+ignore", "gateway.many.test").flags()).contains("tc");
  }

  @Test
  void questionsOnOneConnectionAreAnsweredTogether() throws IOException {
    try (Socket socket = new Socket(RunningDns.ADDRESS, dns.port)) {
      socket.setSoTimeout(10_000);
      ByteBuffer both = ByteBuffer.allocate(4096);
      Set<Integer> asked = new HashSet<>();
      for (int i = 0; i < 40; i++) {
        byte[] packet = Fixtures.packet("node-1.rack.test.", Type.A);
        asked.add(WireGuard.u16(packet, 0));
        both.putShort((short) packet.length).put(packet);
      }
      socket.getOutputStream().write(both.array(), 0, both.position());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      Set<Integer> answered = new HashSet<>();
      for (int i = 0; i < 40; i++) {
        Message answer = new Message(in.readNBytes(in.readUnsignedShort()));
        assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
        answered.add(answer.getHeader().getID());
      }
      assertThat(answered).isEqualTo(asked);
    }
  }

  @Test
  void aClientHoldsSoManyConnectionsAndIdleOnesEnd() throws IOException {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i <= TcpListener.MAX_PER_CLIENT; i++) {
        open.add(new Socket(RunningDns.ADDRESS, dns.port));
      }
      Awaitility.await()
          .atMost(LIMIT)
          .until(() -> dns.counts.of("IGNORED connection too-many-connections") == 1);
      assertThat(dns.dig("+tcp", "node-1.rack.test").answer()).containsExactly("127.53.1.5");
      Socket idle = open.getFirst();
      idle.setSoTimeout((int) LIMIT.toMillis());
      long began = System.nanoTime();
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LIMIT);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void aLengthThatIsNoQuestionsEndsTheConnection() throws IOException {
    try (Socket socket = new Socket(RunningDns.ADDRESS, dns.port)) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(new byte[] {(byte) 0xff, (byte) 0xff});
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(dns.counts.of("IGNORED connection oversized")).isEqualTo(1);
  }

  /** A flood from one address gets no more than it may have, and others do not notice. */
  @Test
  void whoAsksTooMuchIsToldToComeByTcp() throws Exception {
    byte[] packet = Fixtures.packet("server.rack.test.", Type.A);
    try (RunningDns strict = new RunningDns(new RateLimits(5, 5, 5));
        DatagramSocket flood = new DatagramSocket(new InetSocketAddress("127.53.6.6", 0))) {
      for (int i = 0; i < 2000; i++) {
        flood.send(to(packet, strict));
      }
      assertThat(strict.dig("server.rack.test").answer()).containsExactly(RunningDns.ADDRESS);
      assertThat(strict.counts.of("IGNORED A rate-limit")).isPositive();
      assertThat(strict.counts.of("ANSWERED A rate-limit-slip")).isPositive();
      flood.setSoTimeout((int) LIMIT.toMillis());
      DatagramPacket in = new DatagramPacket(new byte[4096], 4096);
      Message answer;
      do {
        flood.receive(in);
        answer = new Message(Arrays.copyOf(in.getData(), in.getLength()));
      } while (!answer.getHeader().getFlag(Flags.TC));
      assertThat(answer.getSection(Section.ANSWER)).isEmpty();
      assertThat(strict.digFrom("127.53.6.6", "+tcp", "server.rack.test").answer())
          .containsExactly(RunningDns.ADDRESS);
    }
  }

  /** Hostile and broken packets by the thousand, while dig goes on. */
  @Test
  void noPacketDisturbsTheOthers() throws IOException {
    Random random = new Random(1);
    AtomicInteger sent = new AtomicInteger();
    try (DatagramSocket hostile = new DatagramSocket(new InetSocketAddress("127.53.6.7", 0))) {
      for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 100; i++) {
          hostile.send(to(hostile(random, i), dns));
          sent.incrementAndGet();
        }
        assertThat(dns.dig("node-1.rack.test").answer()).containsExactly("127.53.1.5");
      }
    }
    assertThat(dns.dig("+tcp", "node-1.rack.test").answer()).containsExactly("127.53.1.5");
    Awaitility.await("each is counted").atMost(LIMIT).until(() -> dns.counts.all() >= sent.get());
    assertThat(dns.counts.of("IGNORED malformed short")).isPositive();
    assertThat(dns.counts.of("IGNORED malformed not-a-query")).isPositive();
    assertThat(dns.counts.of("ANSWERED malformed bad-question")).isPositive();
    assertThat(dns.counts.of("IGNORED malformed bad-question")).isPositive();
    assertThat(dns.counts.records).as("none is worth a record").hasValue(0);
  }

  private static byte[] hostile(Random random, int kind) {
    byte[] good = Fixtures.packet("node-1.rack.test.", Type.A);
    return switch (kind % 6) {
      case 0 -> Arrays.copyOf(good, random.nextInt(good.length));
      case 1 -> Arrays.copyOf(good, 2049 + random.nextInt(2000));
      case 2 -> { // a pointer to itself
        good[12] = (byte) 0xc0;
        good[13] = 12;
        yield good;
      }
      case 3 -> { // an answer
        good[2] |= (byte) 0x80;
        yield good;
      }
      case 4 -> {
        good[12 + random.nextInt(good.length - 12)] ^= (byte) (1 << random.nextInt(8));
        yield good;
      }
      default -> {
        byte[] noise = new byte[random.nextInt(600)];
        random.nextBytes(noise);
        yield noise;
      }
    };
  }

  private static DatagramPacket to(byte[] octets, RunningDns dns) throws IOException {
    return new DatagramPacket(
        octets, octets.length, InetAddress.getByName(RunningDns.ADDRESS), dns.port);
  }

  @Test
  void theServerFollowsItsNetworks() {
    assertThat(dns.isAnswering()).isTrue();
    assertThat(dns.server().isAnswering(io.mammatus.core.net.Ipv4.parse(RunningDns.ADDRESS)))
        .as("clients could not be told the port")
        .isFalse();
    dns.subnets();
    Awaitility.await().atMost(LIMIT).until(() -> !dns.isAnswering());
    dns.subnets(RunningDns.SUBNET);
    Awaitility.await().atMost(LIMIT).until(dns::isAnswering);
    assertThat(dns.dig("node-1.rack.test").answer()).containsExactly("127.53.1.5");
  }

  @Test
  void aPortThatIsTakenIsNotTheEnd() throws Exception {
    int port = RunningDns.freePort(RunningDns.ADDRESS);
    InetAddress address = InetAddress.getByName(RunningDns.ADDRESS);
    ServerSocket taken = new ServerSocket(port, 1, address);
    try (RunningDns late =
        new RunningDns(List.of(), "none", java.nio.file.Path.of("/nonexistent"), port)) {
      assertThat(late.isAnswering()).isFalse();
      taken.close();
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(late::isAnswering);
      assertThat(late.dig("server.rack.test").answer()).containsExactly(RunningDns.ADDRESS);
    } finally {
      taken.close();
    }
  }
}
