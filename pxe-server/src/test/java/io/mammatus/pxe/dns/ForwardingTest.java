package io.mammatus.pxe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Names elsewhere, from real dnsmasq servers. */
class ForwardingTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String FIRST = "127.53.200.1";
  private static final String SECOND = "127.53.200.2";

  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();
  private int firstPort;
  private int secondPort;
  private RunningDns dns;

  @BeforeEach
  void start() throws Exception {
    Prerequisites.require("dig", "dnsmasq");
    firstPort = RunningDns.freePort(FIRST);
    secondPort = RunningDns.freePort(SECOND);
    dns = new RunningDns(List.of(FIRST + ":" + firstPort), SECOND + ":" + secondPort);
  }

  @AfterEach
  void stop() throws Exception {
    dns.close();
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aNameElsewhereIsFoundAndRemembered() throws Exception {
    first("--host-record=www.elsewhere.test,192.0.2.80,300");
    Dig found = dns.dig("WWW.elsewhere.test");
    assertThat(found.answer()).containsExactly("192.0.2.80");
    assertThat(found.flags()).isEqualTo("qr rd ra");
    assertThat(found.text()).as("as it was spelt").contains("WWW.elsewhere.test.");
    assertThat(found.ttl()).isBetween(299L, 300L);
    assertThat(dns.dig("+tcp", "www.elsewhere.test").answer()).containsExactly("192.0.2.80");
    assertThat(dns.counts.of("ANSWERED A forwarded")).isEqualTo(1);
    assertThat(dns.counts.of("ANSWERED A cache")).isEqualTo(1);
    assertThat(dns.dig("alias.elsewhere.test").status()).isEqualTo("NXDOMAIN");
    assertThat(dns.dig("www.elsewhere.test", "AAAA").status()).isEqualTo("NOERROR");
    assertThat(dns.dig("-x", "192.0.2.80").answer()).containsExactly("www.elsewhere.test.");
  }

  /** The upstream is one of our own: it gives the SOA record that a memory of nothing needs. */
  @Test
  void thatThereIsNothingIsRememberedToo() throws Exception {
    try (RunningDns upstream = new RunningDns(List.of(), "none");
        RunningDns asking =
            new RunningDns(List.of(RunningDns.ADDRESS + ":" + upstream.port), "none")) {
      upstream.subnets(
          Fixtures.subnet("lo", "127.53.0.0/16", RunningDns.ADDRESS, "127.53.0.254", "up.test"));
      for (int i = 0; i < 3; i++) {
        Dig nothing = asking.dig("nothing.up.test");
        assertThat(nothing.status()).isEqualTo("NXDOMAIN");
        assertThat(nothing.text()).contains("SOA");
      }
      assertThat(upstream.counts.all()).isEqualTo(1);
      assertThat(asking.counts.of("ANSWERED A cache")).isEqualTo(2);
    }
  }

  @Test
  void theFallbackAnswersWhileTheUpstreamIsAway() throws Exception {
    second("--host-record=www.elsewhere.example,192.0.2.2,300");
    assertThat(dns.dig("www.elsewhere.example").answer()).containsExactly("192.0.2.2");
  }

  /** Killed, one serves from memory; restarted, one asks again. */
  @Test
  void theCacheAnswersWhileEverybodyIsAway() throws Exception {
    Process upstream =
        first(
            "--host-record=www.elsewhere.test,192.0.2.80,300",
            "--host-record=short.elsewhere.test,192.0.2.81,1");
    assertThat(dns.dig("www.elsewhere.test").answer()).containsExactly("192.0.2.80");
    assertThat(dns.dig("short.elsewhere.test").answer()).containsExactly("192.0.2.81");
    upstream.destroyForcibly().waitFor();
    assertThat(dns.dig("www.elsewhere.test").answer()).containsExactly("192.0.2.80");
    // its second is over soon, and then the old answer is better than none
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> dns.dig("short.elsewhere.test").ttl() == AnswerCache.STALE_TTL);
    assertThat(dns.counts.of("ANSWERED A stale")).isPositive();
    assertThat(dns.dig("other.elsewhere.test").status()).isEqualTo("SERVFAIL");
    first(
        "--host-record=other.elsewhere.test,192.0.2.82,300",
        "--host-record=short.elsewhere.test,192.0.2.83,300");
    assertThat(dns.dig("other.elsewhere.test").answer()).containsExactly("192.0.2.82");
    assertThat(dns.dig("short.elsewhere.test").answer()).containsExactly("192.0.2.83");
  }

  /** One who asks for a hundred names that take long leaves room for others. */
  @Test
  void nobodyTakesAllTheRoom() throws Exception {
    second("--host-record=www.elsewhere.example,192.0.2.2,300");
    try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(FIRST, firstPort));
        DatagramSocket greedy = new DatagramSocket(new InetSocketAddress("127.53.0.66", 0))) {
      assertThat(silent.isBound()).isTrue();
      for (int i = 0; i < 100; i++) {
        byte[] packet = Fixtures.packet("n" + i + ".slow.example.", Type.A);
        greedy.send(
            new DatagramPacket(
                packet, packet.length, InetAddress.getByName(RunningDns.ADDRESS), dns.port));
      }
      assertThat(dns.dig("www.elsewhere.example").answer()).containsExactly("192.0.2.2");
      assertThat(dns.counts.of("FAILED A too-many-of-one-client")).isEqualTo(36);
    }
  }

  /** Silence is worse than a refusal: an old answer comes before clients ask again. */
  @Test
  void anOldAnswerComesInTimeWhileTheUpstreamsAreSilent() throws Exception {
    Process upstream = first("--host-record=short.elsewhere.test,192.0.2.81,1");
    assertThat(dns.dig("short.elsewhere.test").answer()).containsExactly("192.0.2.81");
    upstream.destroyForcibly().waitFor();
    try (DatagramSocket one = new DatagramSocket(new InetSocketAddress(FIRST, firstPort));
        DatagramSocket two = new DatagramSocket(new InetSocketAddress(SECOND, secondPort))) {
      assertThat(List.of(one.isBound(), two.isBound())).containsOnly(true);
      Awaitility.await()
          .atMost(LIMIT)
          .until(() -> dns.dig("+time=3", "short.elsewhere.test").text().contains("\t30\tIN\tA"));
    }
  }

  @Test
  void aLongAnswerIsFetchedByTcp() throws Exception {
    first(
        IntStream.range(0, 20)
            .mapToObj(i -> "--txt-record=long.elsewhere.test," + "x".repeat(200) + i)
            .toArray(String[]::new));
    Dig cut = dns.dig("+ignore", "long.elsewhere.test", "TXT");
    assertThat(cut.flags()).contains("tc");
    Dig found = dns.dig("long.elsewhere.test", "TXT");
    assertThat(found.text()).contains("(TCP)");
    assertThat(found.answer()).hasSize(20);
  }

  @Test
  void nobodySilentlyWaitsForEver() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(FIRST, firstPort))) {
      assertThat(silent.isBound()).isTrue();
      long began = System.nanoTime();
      assertThat(dns.dig("www.elsewhere.test").status()).isEqualTo("SERVFAIL");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(7));
    }
  }

  /** Twenty who ask the same at once: one question goes out, and each gets the answer. */
  @Test
  void theSameQuestionIsAskedOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    try (DatagramSocket upstream = new DatagramSocket(new InetSocketAddress(FIRST, firstPort))) {
      Thread answering = answering(upstream, asked, go);
      List<Dig> found = new ArrayList<>();
      List<Thread> asking = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        asking.add(
            Thread.startVirtualThread(() -> {
              Dig dig = dns.dig("www.elsewhere.test");
              synchronized (found) {
                found.add(dig);
              }
            }));
      }
      Awaitility.await().atMost(LIMIT).until(() -> asked.get() > 0);
      go.countDown();
      for (Thread thread : asking) {
        thread.join(LIMIT);
      }
      assertThat(found).hasSize(20);
      assertThat(found).allMatch(dig -> dig.answer().equals(List.of("192.0.2.99")));
      assertThat(asked).hasValueLessThan(5);
      answering.interrupt();
    }
  }

  /** Answers in the name of the upstream, with another identifier or another name: not believed. */
  @Test
  void forgedAnswersAreNotBelieved() throws Exception {
    try (DatagramSocket upstream = new DatagramSocket(new InetSocketAddress(FIRST, firstPort));
        DatagramSocket elsewhere = new DatagramSocket(new InetSocketAddress(FIRST, 0))) {
      Thread.startVirtualThread(() -> {
        try {
          DatagramPacket in = new DatagramPacket(new byte[4096], 4096);
          upstream.receive(in);
          Message question = new Message(java.util.Arrays.copyOf(in.getData(), in.getLength()));
          int id = question.getHeader().getID();
          Name name = question.getQuestion().getName();
          for (int i = 1; i < 100; i++) {
            send(upstream, in, answer(id + i, name, "192.0.2.66"));
          }
          send(upstream, in, answer(id, Name.fromConstantString("evil.test."), "192.0.2.66"));
          send(elsewhere, in, answer(id, name, "192.0.2.66")); // right, but from another port
          send(upstream, in, answer(id, name, "192.0.2.1"));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      });
      assertThat(dns.dig("www.elsewhere.test").answer()).containsExactly("192.0.2.1");
    }
  }

  @Test
  void whatAnUpstreamSendsCannotDisturb() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    java.util.Random random = new java.util.Random(7);
    try (DatagramSocket upstream = new DatagramSocket(new InetSocketAddress(FIRST, firstPort))) {
      Thread.startVirtualThread(() -> {
        try {
          while (true) {
            DatagramPacket in = new DatagramPacket(new byte[4096], 4096);
            upstream.receive(in);
            asked.incrementAndGet();
            byte[] noise = new byte[12 + random.nextInt(2000)];
            random.nextBytes(noise);
            noise[0] = in.getData()[0];
            noise[1] = in.getData()[1];
            noise[2] = (byte) 0x81;
            noise[3] = (byte) 0x80;
            send(upstream, in, noise);
          }
        } catch (IOException e) {
          // closed: the test is over
        }
      });
      second("--host-record=www.elsewhere.example,192.0.2.2,300");
      for (int i = 0; i < 10; i++) {
        assertThat(dns.dig("n" + i + ".elsewhere.example").status())
            .isIn("NXDOMAIN", "REFUSED", "SERVFAIL");
      }
      assertThat(dns.dig("www.elsewhere.example").answer()).containsExactly("192.0.2.2");
      assertThat(asked).hasPositiveValue();
    }
  }

  @Test
  void theMachinesOwnNameServersAreAskedIfNoneAreConfigured() throws Exception {
    // resolv.conf knows no ports: that of the address is 53, where nobody listens.
    Path resolvConf = Files.writeString(folder.resolve("resolv.conf"), "nameserver 127.53.200.3\n");
    second("--host-record=www.elsewhere.example,192.0.2.2,300");
    try (RunningDns other =
        new RunningDns(
            List.of(), SECOND + ":" + secondPort, resolvConf, RunningDns.freePort(FIRST))) {
      assertThat(other.dig("www.elsewhere.example").answer()).containsExactly("192.0.2.2");
    }
  }

  private static Thread answering(DatagramSocket upstream, AtomicInteger asked, CountDownLatch go) {
    return Thread.startVirtualThread(() -> {
      try {
        while (true) {
          DatagramPacket in = new DatagramPacket(new byte[4096], 4096);
          upstream.receive(in);
          asked.incrementAndGet();
          go.await();
          Message question = new Message(java.util.Arrays.copyOf(in.getData(), in.getLength()));
          send(
              upstream,
              in,
              answer(question.getHeader().getID(), question.getQuestion().getName(), "192.0.2.99"));
        }
      } catch (SocketException | InterruptedException e) {
        // closed: the test is over
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    });
  }

  private static byte[] answer(int id, Name name, String address) {
    Message message = new Message(id & 0xffff);
    message.getHeader().setFlag(Flags.QR);
    message.getHeader().setFlag(Flags.RD);
    message.addRecord(Record.newRecord(name, Type.A, DClass.IN), Section.QUESTION);
    message.addRecord(
        ZoneRecords.a(name, io.mammatus.core.net.Ipv4.parse(address)), Section.ANSWER);
    return message.toWire(4096);
  }

  private static void send(DatagramSocket from, DatagramPacket to, byte[] octets)
      throws IOException {
    from.send(new DatagramPacket(octets, octets.length, to.getAddress(), to.getPort()));
  }

  private Process first(String... options) throws Exception {
    return dnsmasq(FIRST, firstPort, options);
  }

  private Process second(String... options) throws Exception {
    return dnsmasq(SECOND, secondPort, options);
  }

  /** Runs one and waits until it answers. */
  private Process dnsmasq(String address, int port, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--no-hosts",
                "--no-resolv",
                "--bind-interfaces",
                "--except-interface=nonexistent",
                "--listen-address=" + address,
                "--port=" + port,
                "--pid-file=" + folder.resolve("pid-" + address),
                "--user=root",
                "--local=/test/example/",
                "--host-record=ready.test,192.0.2.1"));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("dnsmasq-" + address).toFile())
            .start();
    started.add(process);
    Awaitility.await()
        .atMost(LIMIT)
        .until(() ->
            Dig.run("@" + address, "-p", String.valueOf(port), "ready.test").answer().size() == 1
                || !process.isAlive());
    assertThat(process.isAlive()).as(() -> read(folder.resolve("dnsmasq-" + address))).isTrue();
    assertThat(InetAddress.getByName(address).isLoopbackAddress()).isTrue();
    return process;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
