package io.mammatus.pxe.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.tftp.TftpCodec;
import io.mammatus.protocols.tftp.TftpPacket;
import io.mammatus.pxe.trace.BootProgress;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.SnapshotView;
import io.mammatus.pxe.view.Subnet;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server on a loopback address and a free port. */
class TftpServerTest {

  private static final String SERVER = "127.69.0.1";
  private static final String CLIENT = "127.69.0.9";
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Subnet SUBNET =
      new Subnet(
          "lo",
          Ipv4.parse(SERVER),
          Cidr.parse("127.69.0.0/16"),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Duration.ofHours(1));

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final List<DatagramSocket> sockets = new ArrayList<>();
  private int port;
  private @Nullable TftpServer server;

  private final PxeTrace trace =
      new PxeTrace() {
        @Override
        public void packet(PacketVerdict verdict) {
          count(verdict.protocol(), verdict.outcome(), verdict.what(), verdict.reason());
        }

        @Override
        public void count(
            String protocol, PacketVerdict.Outcome outcome, String what, String reason) {
          counts.merge(outcome + " " + what + " " + reason, 1, Integer::sum);
        }

        @Override
        public void progress(BootProgress progress) {}
      };

  @BeforeEach
  void start() throws Exception {
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getByName(SERVER))) {
      port = free.getLocalPort();
    }
    BootViews views = new BootViews(new SnapshotView(List.of(SUBNET), List.of()));
    BootFiles files =
        request ->
            Future.succeededFuture(
                Optional.of(
                    new OctetsFile(
                        new byte[request.name().equals("long") ? (16 << 20) + 1 : 2000])));
    await(
        vertx.deployVerticle(
            new VerticleBase() {
              @Override
              public Future<?> start() {
                TftpServer made = new TftpServer(vertx, "lo", port, views, files, trace);
                server = made;
                return made.start();
              }
            }));
  }

  @AfterEach
  void stop() throws Exception {
    await(Objects.requireNonNull(server).stop());
    Awaitility.await().atMost(LIMIT).until(() -> !transfersRun()); // each tells its event loop
    sockets.forEach(DatagramSocket::close);
    await(vertx.close());
  }

  private boolean transfersRun() {
    List<String> own = sockets.stream().map(socket -> "tftp-" + socket.getLocalPort()).toList();
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> own.contains(thread.getName()));
  }

  /** Who is heard keeps its place; who is not makes room for the next of the same address. */
  @Test
  void requestsInItsNameDoNotKeepAMachineFromItsOwn() throws Exception {
    DatagramSocket heard = client();
    ask(heard, rrq("octet", Map.of("blksize", "512")));
    Received oack = receive(heard);
    send(heard, new TftpPacket.Ack(0), oack.from);
    assertThat(receive(heard).packet).isInstanceOf(TftpPacket.Data.class);
    for (int i = 1; i < Requests.MAX_PER_CLIENT; i++) {
      DatagramSocket madeUp = client();
      ask(madeUp, rrq("octet", Map.of("timeout", "30")));
      assertThat(receive(madeUp).packet).isInstanceOf(TftpPacket.Oack.class);
    }
    DatagramSocket own = client();
    ask(own, rrq("octet", Map.of()));
    assertThat(receive(own).packet).isInstanceOf(TftpPacket.Data.class);
    Awaitility.await().atMost(LIMIT).until(() -> count("FAILED RRQ pushed-out") == 1);
    send(heard, new TftpPacket.Ack(1), oack.from);
    Received next = receive(heard);
    while (((TftpPacket.Data) next.packet).block() == 1) {
      next = receive(heard); // a repetition, if this machine is slow
    }
    assertThat(((TftpPacket.Data) next.packet).block()).isEqualTo(2);
    assertThat(count("IGNORED RRQ too-many-of-client")).isZero();
  }

  @Test
  void whoIsAskedAnewDoesNotGoOnWithTheOld() throws Exception {
    DatagramSocket client = client();
    TftpPacket.Rrq rrq = rrq("octet", Map.of());
    ask(client, rrq);
    Received first = receive(client);
    send(client, new TftpPacket.Ack(1), first.from);
    assertThat(((TftpPacket.Data) receive(client).packet).block()).isEqualTo(2);
    assertThat(((TftpPacket.Data) receive(client).packet).block())
        .as("a repetition, so time has passed")
        .isEqualTo(2);
    ask(client, rrq);
    Received anew = receive(client);
    while (anew.from.equals(first.from)) {
      anew = receive(client);
    }
    assertThat(((TftpPacket.Data) anew.packet).block()).isEqualTo(1);
    Awaitility.await().atMost(LIMIT).until(() -> count("FAILED RRQ asked-anew") == 1);
  }

  @Test
  void uselessPacketsOfATransferAreInTheCounters() throws Exception {
    DatagramSocket client = client();
    ask(client, rrq("octet", Map.of("timeout", "30")));
    Received oack = receive(client);
    send(client, new TftpPacket.Ack(0), oack.from);
    assertThat(receive(client).packet).isInstanceOf(TftpPacket.Data.class);
    for (int i = 0; i < 5; i++) {
      client.send(new DatagramPacket(new byte[] {1, 2, 3}, 3, oack.from));
    }
    send(client, new TftpPacket.Ack(99), oack.from);
    send(client, new TftpPacket.Error(0, "enough"), oack.from);
    Awaitility.await().atMost(LIMIT).until(() -> count("IGNORED transfer malformed") == 5);
    Awaitility.await().atMost(LIMIT).until(() -> count("IGNORED transfer ack-ahead") == 1);
  }

  @Test
  void aTextThatIsTooLongIsRefusedInWords() throws Exception {
    DatagramSocket client = client();
    ask(client, new TftpPacket.Rrq("long", "netascii", Map.of()));
    assertThat(receive(client).packet).isEqualTo(new TftpPacket.Error(0, "too long for netascii"));
    ask(client, new TftpPacket.Rrq("long", "octet", Map.of("tsize", "0")));
    assertThat(receive(client).packet).isInstanceOf(TftpPacket.Oack.class);
  }

  @Test
  void aTextSaysHowLongItGets() throws Exception {
    DatagramSocket client = client();
    ask(client, rrq("netascii", Map.of("tsize", "0")));
    assertThat(receive(client).packet).isEqualTo(new TftpPacket.Oack(Map.of("tsize", "2000")));
  }

  private record Received(TftpPacket packet, SocketAddress from) {}

  private static TftpPacket.Rrq rrq(String mode, Map<String, String> options) {
    return new TftpPacket.Rrq("file", mode, options);
  }

  private DatagramSocket client() throws Exception {
    DatagramSocket socket = new DatagramSocket(new InetSocketAddress(CLIENT, 0));
    socket.setSoTimeout((int) LIMIT.toMillis());
    sockets.add(socket);
    return socket;
  }

  private void ask(DatagramSocket client, TftpPacket packet) throws Exception {
    send(client, packet, new InetSocketAddress(SERVER, port));
  }

  private static void send(DatagramSocket client, TftpPacket packet, SocketAddress to)
      throws Exception {
    byte[] octets = TftpCodec.encode(packet);
    client.send(new DatagramPacket(octets, octets.length, to));
  }

  private static Received receive(DatagramSocket client) throws Exception {
    DatagramPacket in = new DatagramPacket(new byte[2048], 2048);
    client.receive(in);
    byte[] octets = Arrays.copyOf(in.getData(), in.getLength());
    if (TftpCodec.decode(octets) instanceof Decoded.Ok<TftpPacket>(TftpPacket packet)) {
      return new Received(packet, in.getSocketAddress());
    }
    throw new AssertionError(new String(octets, StandardCharsets.ISO_8859_1));
  }

  private int count(String what) {
    return counts.getOrDefault(what, 0);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
