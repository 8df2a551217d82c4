package io.mammatus.pxe.tftp;

import io.mammatus.protocols.tftp.TftpPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The requests that are being answered, and how many there may be. For one thread. */
final class Requests {

  static final int MAX_TRANSFERS = 1024;
  static final int MAX_PER_CLIENT = 8;

  /** Whoever has not answered for so long makes room, if there is none. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Set<Entry> all = new LinkedHashSet<>();
  private final Map<InetSocketAddress, Entry> latest = new HashMap<>();
  private final Map<InetAddress, Integer> perClient = new HashMap<>();

  /** One of them; itself and no other, whatever it is about. */
  static final class Entry {
    private final InetSocketAddress client;
    private final TftpPacket.Rrq packet;
    private final long began;
    private @Nullable TftpTransfer transfer;
    private boolean asked;

    private Entry(InetSocketAddress client, TftpPacket.Rrq packet, long began) {
      this.client = client;
      this.packet = packet;
      this.began = began;
    }

    /** The file is open. */
    void transfers(TftpTransfer begun) {
      transfer = begun;
    }

    Optional<TftpTransfer> transfer() {
      return Optional.ofNullable(transfer);
    }

    /** Whether it is to be asked if it is still wanted: once at a time. */
    boolean ask() {
      boolean first = !asked;
      asked = true;
      return first;
    }

    void answered() {
      asked = false;
    }
  }

  /** The last request of that client's port that is being answered, if it said the same. */
  Optional<Entry> same(InetSocketAddress client, TftpPacket.Rrq packet) {
    return Optional.ofNullable(latest.get(client)).filter(entry -> entry.packet.equals(packet));
  }

  /** Whether this client has as many as it may have. */
  boolean isGreedy(InetSocketAddress client) {
    return perClient.getOrDefault(client.getAddress(), 0) >= MAX_PER_CLIENT;
  }

  boolean isFull() {
    return all.size() >= MAX_TRANSFERS;
  }

  /** All that are under way. */
  List<TftpTransfer> transfers() {
    return all.stream().map(Entry::transfer).flatMap(Optional::stream).toList();
  }

  /** The first one whose client was never heard of again: senders' addresses can be made up. */
  Optional<TftpTransfer> unheard(long now) {
    return all.stream()
        .takeWhile(entry -> now - entry.began > PATIENCE.toNanos())
        .map(Entry::transfer)
        .flatMap(Optional::stream)
        .filter(transfer -> !transfer.isHeard())
        .findFirst();
  }

  /** The first one of that client that was never answered to: it may be of somebody else. */
  Optional<Entry> unheardOf(InetSocketAddress client) {
    return all.stream()
        .filter(entry -> entry.client.getAddress().equals(client.getAddress()))
        .filter(entry -> entry.transfer().filter(transfer -> !transfer.isHeard()).isPresent())
        .findFirst();
  }

  /**
   * A request is going to be answered.
   *
   * @param now in nanoseconds
   */
  Entry begin(InetSocketAddress client, TftpPacket.Rrq packet, long now) {
    Entry entry = new Entry(client, packet, now);
    all.add(entry);
    latest.put(client, entry);
    perClient.merge(client.getAddress(), 1, Integer::sum);
    return entry;
  }

  /** It was; nothing happens the second time. */
  void end(Entry entry) {
    if (all.remove(entry)) {
      latest.remove(entry.client, entry);
      perClient.computeIfPresent(entry.client.getAddress(), (_, n) -> n > 1 ? n - 1 : null);
    }
  }
}
