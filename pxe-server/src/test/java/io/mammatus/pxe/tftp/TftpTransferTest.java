package io.mammatus.pxe.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.tftp.TftpCodec;
import io.mammatus.protocols.tftp.TftpPacket;
import java.io.ByteArrayOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One transfer on real sockets of the loopback, before a client that does as it likes. */
class TftpTransferTest {

  private static final int QUIET_MILLIS = 100; // shorter than any repetition

  private final CompletableFuture<TftpTransfer.End> ended = new CompletableFuture<>();
  private final DatagramSocket client;
  private SocketAddress server = new InetSocketAddress(0);

  TftpTransferTest() throws Exception {
    client = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @BeforeEach
  void patience() throws Exception {
    client.setSoTimeout(10_000);
  }

  @AfterEach
  void close() {
    client.close();
  }

  /** RFC 1350 counts to 65535: what comes then is 0, as every client with large files has it. */
  @Test
  void blockNumbersRollOverToZero() throws Exception {
    byte[] content = random(8 * 70_000 + 3);
    TftpTransfer transfer =
        begin(content, Map.of("blksize", "8", "windowsize", "64", "timeout", "30"));
    assertThat(receive()).isInstanceOf(TftpPacket.Oack.class);
    send(new TftpPacket.Ack(0));
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    long block = 0;
    int length = 8;
    while (length == 8) {
      block++;
      TftpPacket.Data data = (TftpPacket.Data) receive();
      assertThat(data.block()).isEqualTo((int) (block & 0xffff));
      length = data.content().length();
      received.writeBytes(data.content().toArray());
      if (block % 64 == 0 || length < 8) {
        send(new TftpPacket.Ack(data.block()));
      }
    }
    assertThat(received.toByteArray()).isEqualTo(content);
    assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(new TftpTransfer.End.Complete());
    assertThat(transfer.isHeard()).isTrue();
  }

  /** RFC 1123, section 4.2.3.1. */
  @Test
  void anAcknowledgementThatComesThriceIsAnsweredOnce() throws Exception {
    beginsPatiently();
    for (int i = 0; i < 3; i++) {
      send(new TftpPacket.Ack(1));
    }
    assertThat(block(receive())).isEqualTo(2);
    assertQuiet();
  }

  @Test
  void silenceIsAnsweredWithTheSameBlockLaterAndLater() throws Exception {
    begin(random(2000), Map.of());
    long first = System.nanoTime();
    assertThat(block(receive())).isEqualTo(1);
    assertThat(block(receive())).isEqualTo(1);
    long second = System.nanoTime();
    assertThat(block(receive())).isEqualTo(1);
    long third = System.nanoTime();
    assertThat(second - first).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
    assertThat(third - second).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1800));
  }

  /** As a ROM does that wanted only to know how long the file is. */
  @Test
  void theClientMayEndIt() throws Exception {
    TftpTransfer transfer = begin(random(2000), Map.of("tsize", "0"));
    assertThat(receive()).isEqualTo(new TftpPacket.Oack(Map.of("tsize", "2000")));
    assertThat(transfer.isAskedForAgain()).as("before anything is heard").isTrue();
    send(new TftpPacket.Error(8, "thanks"));
    assertThat(ended.get(10, TimeUnit.SECONDS))
        .isEqualTo(new TftpTransfer.End.EndedByClient(8, "thanks"));
    assertThat(transfer.isAskedForAgain()).as("when it is over").isFalse();
  }

  /** A request that was under way for long is no reason to begin anew; one after silence is. */
  @Test
  void aRequestOnceMoreIsADuplicateWhileTheTransferMoves() throws Exception {
    TftpTransfer transfer = begin(random(2000), Map.of());
    assertThat(block(receive())).isEqualTo(1);
    assertThat(transfer.isHeard()).isFalse();
    send(new TftpPacket.Ack(1));
    assertThat(block(receive())).isEqualTo(2);
    assertThat(transfer.isAskedForAgain()).isTrue();
    assertThat(block(receive())).as("a repetition, so time has passed").isEqualTo(2);
    assertThat(transfer.isAskedForAgain()).isFalse();
  }

  @Test
  void itCanBeStoppedWhileItWaits() throws Exception {
    TftpTransfer transfer = begin(random(2000), Map.of());
    assertThat(block(receive())).isEqualTo(1);
    transfer.stop("pushed-out");
    assertThat(ended.get(500, TimeUnit.MILLISECONDS))
        .isEqualTo(new TftpTransfer.End.Failed("pushed-out"));
  }

  @Test
  void aClientThatIsGoneEndsItAtOnce() throws Exception {
    begin(random(2000), Map.of());
    assertThat(block(receive())).isEqualTo(1);
    send(new TftpPacket.Ack(1));
    client.close();
    assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(TftpTransfer.End.Failed.class);
  }

  @Test
  void nonsenseIsAsIfItHadBeenLost() throws Exception {
    beginsPatiently();
    Random random = new Random(5);
    for (int i = 0; i < 1000; i++) {
      byte[] octets = new byte[random.nextInt(40)];
      random.nextBytes(octets);
      if (octets.length > 1) {
        octets[0] = 9; // no operation that there is
      }
      client.send(new DatagramPacket(octets, octets.length, server));
    }
    send(new TftpPacket.Ack(4000)); // a block that was never sent
    assertQuiet();
    send(new TftpPacket.Ack(1));
    assertThat(block(receive())).isEqualTo(2);
  }

  /** Who never answered may have been made up, and half a minute's patience with it. */
  @Test
  void aLongTimeoutCountsFromTheFirstAnswerOn() throws Exception {
    begin(random(2000), Map.of("timeout", "30"));
    long first = System.nanoTime();
    assertThat(receive()).isInstanceOf(TftpPacket.Oack.class);
    assertThat(receive()).isInstanceOf(TftpPacket.Oack.class);
    assertThat(System.nanoTime() - first).isLessThan(TimeUnit.SECONDS.toNanos(8));
  }

  @Test
  void whatIsOfNoUseIsCounted() throws Exception {
    TftpTransfer transfer = begin(random(2000), Map.of("timeout", "30"));
    assertThat(receive()).isInstanceOf(TftpPacket.Oack.class);
    send(new TftpPacket.Ack(3));
    send(new TftpPacket.Ack(0));
    assertThat(block(receive())).isEqualTo(1);
    for (int i = 0; i < 3; i++) {
      client.send(new DatagramPacket(new byte[] {0, 9, 1}, 3, server));
    }
    send(new TftpPacket.Ack(4000));
    send(new TftpPacket.Ack(0)); // from before, as it may come
    send(new TftpPacket.Wrq("x", "octet", Map.of()));
    assertThat(ended.get(10, TimeUnit.SECONDS))
        .isEqualTo(new TftpTransfer.End.Failed("not-an-acknowledgement"));
    assertThat(transfer.bad())
        .isEqualTo(
            Map.of(
                BadPacket.ACK_BEFORE_OPTIONS, 1,
                BadPacket.MALFORMED, 3,
                BadPacket.ACK_AHEAD, 1,
                BadPacket.NOT_AN_ACKNOWLEDGEMENT, 1));
  }

  @Test
  void aFileThatCannotBeReadIsToldToTheClient() throws Exception {
    BootFile broken =
        new BootFile() {
          @Override
          public long size() {
            return 1000;
          }

          @Override
          public void read(long offset, java.nio.ByteBuffer target) throws java.io.IOException {
            throw new java.io.IOException("shorter than it was");
          }

          @Override
          public void close() {}
        };
    begin(broken, Map.of());
    assertThat(receive()).isInstanceOf(TftpPacket.Error.class);
    assertThat(ended.get(10, TimeUnit.SECONDS))
        .isEqualTo(new TftpTransfer.End.Failed("unreadable"));
  }

  /** Nothing is repeated in half a minute (RFC 2349), however slow this machine is. */
  private void beginsPatiently() throws Exception {
    begin(random(2000), Map.of("timeout", "30"));
    assertThat(receive()).isInstanceOf(TftpPacket.Oack.class);
    send(new TftpPacket.Ack(0));
    assertThat(block(receive())).isEqualTo(1);
  }

  private TftpTransfer begin(byte[] content, Map<String, String> options) {
    return begin(new OctetsFile(content), options);
  }

  private TftpTransfer begin(BootFile file, Map<String, String> options) {
    TftpTransfer transfer =
        new TftpTransfer(
            new TftpTransfer.Ends(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                (InetSocketAddress) client.getLocalSocketAddress()),
            file,
            new TftpPacket.Rrq("file", "octet", options),
            ended::complete);
    transfer.start();
    return transfer;
  }

  private TftpPacket receive() throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    client.receive(packet);
    server = packet.getSocketAddress();
    byte[] octets = Arrays.copyOf(packet.getData(), packet.getLength());
    if (TftpCodec.decode(octets) instanceof Decoded.Ok<TftpPacket>(TftpPacket decoded)) {
      return decoded;
    }
    throw new AssertionError("the server sent what nobody can read");
  }

  private void send(TftpPacket packet) throws Exception {
    byte[] octets = TftpCodec.encode(packet);
    client.send(new DatagramPacket(octets, octets.length, server));
  }

  private void assertQuiet() throws Exception {
    client.setSoTimeout(QUIET_MILLIS);
    try {
      throw new AssertionError("sent without need: " + receive());
    } catch (SocketTimeoutException e) {
      client.setSoTimeout(10_000);
    }
  }

  private static int block(TftpPacket packet) {
    return ((TftpPacket.Data) packet).block();
  }

  private static byte[] random(int size) {
    byte[] octets = new byte[size];
    new Random(size).nextBytes(octets);
    return octets;
  }
}
