package io.mammatus.pxe.net;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.arp.ArpPacket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks on an interface's link who uses an address (RFC 5227, section 2.1.1), twice, and waits
 * shortly: who is there answers within milliseconds. For one event loop. Its socket is open only
 * while something is asked.
 */
public final class AddressProbe {

  /** How long an answer is waited for; a client is patient for seconds (RFC 2131, section 4.1). */
  public static final Duration PATIENCE = Duration.ofMillis(200);

  private static final long LOOK_MILLIS = 10;

  /** More at once are not asked for: whoever wants so many addresses is not one client. */
  private static final int MAX_AT_ONCE = 512;

  /** Packets that are read at one look; the rest waits for the next. */
  private static final int READ_AT_ONCE = 256;

  private final Vertx vertx;
  private final String interfaceName;
  private final Map<Ipv4, Question> asked = new HashMap<>();
  private @Nullable PacketSocket socket;
  private int index;
  private long timer = -1;

  private static final class Question {
    final Promise<Optional<Mac>> promise = Promise.promise();
    final byte[] packet;
    final long since = System.nanoTime();
    boolean repeated;

    Question(byte[] packet) {
      this.packet = packet;
    }

    boolean isOlderThan(Duration age) {
      return System.nanoTime() - since >= age.toNanos();
    }
  }

  public AddressProbe(Vertx vertx, String interfaceName) {
    this.vertx = vertx;
    this.interfaceName = interfaceName;
  }

  /**
   * The card that answers for an address, or that asks for it at the same time; empty if none does.
   * Fails if it cannot be asked.
   */
  public Future<Optional<Mac>> holder(Ipv4 address) {
    Question before = asked.get(address);
    if (before != null) {
      return before.promise.future();
    }
    if (asked.size() >= MAX_AT_ONCE) {
      return Future.failedFuture("too many addresses are asked for at once");
    }
    try {
      PacketSocket open = open();
      Question question = new Question(ArpPacket.probe(ownCard(), address).encode());
      int errno = open.broadcastArp(index, question.packet);
      if (errno != 0) {
        throw new IOException("errno " + errno);
      }
      asked.put(address, question);
      return question.promise.future();
    } catch (IOException e) {
      closeIfIdle();
      return Future.failedFuture(e);
    }
  }

  private Mac ownCard() throws IOException {
    NetworkInterface found = NetworkInterface.getByName(interfaceName);
    byte[] octets = found == null ? null : found.getHardwareAddress();
    if (octets == null || octets.length != 6) {
      throw new IOException(interfaceName + " has no Ethernet address");
    }
    return Mac.of(octets, 0);
  }

  private PacketSocket open() throws IOException {
    PacketSocket open = socket;
    if (open == null) {
      index = Native.interfaceIndex(interfaceName);
      open = PacketSocket.hearingArp(index);
      socket = open;
      timer = vertx.setPeriodic(LOOK_MILLIS, _ -> look());
    }
    return open;
  }

  private void look() {
    PacketSocket open = socket;
    if (open == null) {
      return;
    }
    for (int i = 0; i < READ_AT_ONCE; i++) {
      Optional<byte[]> octets = open.receive();
      if (octets.isEmpty()) {
        break;
      }
      if (ArpPacket.decode(octets.get()) instanceof Decoded.Ok<ArpPacket>(ArpPacket packet)) {
        heard(packet);
      }
    }
    for (Map.Entry<Ipv4, Question> entry : List.copyOf(asked.entrySet())) {
      Question question = entry.getValue();
      if (question.isOlderThan(PATIENCE)) {
        asked.remove(entry.getKey());
        question.promise.complete(Optional.empty());
      } else if (!question.repeated && question.isOlderThan(PATIENCE.dividedBy(2))) {
        question.repeated = true;
        int ignored = open.broadcastArp(index, question.packet); // the first one was sent
      }
    }
    closeIfIdle();
  }

  /** Another's probe for the same address is a conflict, too (RFC 5227, section 2.1.1). */
  private void heard(ArpPacket packet) {
    Ipv4 address = packet.senderAddress().isAny() ? packet.targetAddress() : packet.senderAddress();
    Question question = asked.remove(address);
    if (question != null) {
      question.promise.complete(Optional.of(packet.sender()));
    }
  }

  private void closeIfIdle() {
    PacketSocket open = socket;
    if (asked.isEmpty() && open != null) {
      socket = null;
      vertx.cancelTimer(timer);
      open.close();
    }
  }

  /** Whoever waits is told that it ended. */
  public void close() {
    List<Question> waiting = List.copyOf(asked.values());
    asked.clear();
    closeIfIdle();
    waiting.forEach(question -> question.promise.fail("the server ends"));
  }
}
