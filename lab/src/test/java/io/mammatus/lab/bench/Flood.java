package io.mammatus.lab.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends bad packets of every kind to every port, from the namespace that it runs in; a process of
 * its own. Arguments: the rate (packets a second) and how many seconds. Prints a line {@code NAME
 * COUNT} for each kind at its end.
 */
public final class Flood {

  /** One in so many is a conversation over TCP; the others are datagrams. */
  private static final int TCP_EVERY = 12;

  private static final int TRANSFERS = 4;

  private final long seed;
  private final int rate;
  private final long end;
  private final Map<String, AtomicLong> sent = new ConcurrentHashMap<>();
  private final List<DatagramChannel> hostile = new ArrayList<>();
  private final DatagramChannel stranger;

  private Flood(int rate, int seconds) throws IOException {
    this.seed = 20_261_120;
    this.rate = rate;
    this.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (int i = 0; i < FloodNet.HOSTILE_ADDRESSES; i++) {
      hostile.add(from(FloodNet.hostileAddress(i)));
    }
    stranger = from(FloodNet.STRANGER);
  }

  public static void main(String[] arguments) throws Exception {
    new Flood(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])).run();
  }

  private static DatagramChannel from(String address) throws IOException {
    return DatagramChannel.open().bind(new InetSocketAddress(address, 0));
  }

  private void run() throws Exception {
    BadConversations conversations = new BadConversations(this::count, this::isOver);
    List<Thread> threads = new ArrayList<>(conversations.holdOpen());
    for (int i = 0; i < TRANSFERS; i++) {
      int number = i;
      threads.add(
          Thread.ofVirtual().start(() -> new AckStorm(number, this::count).run(this::isOver)));
    }
    paced(conversations);
    for (Thread thread : threads) {
      thread.join();
    }
    conversations.close();
    new TreeMap<>(sent).forEach((name, count) -> System.out.println(name + " " + count));
    System.out.println("END");
  }

  private boolean isOver() {
    return System.nanoTime() - end > 0;
  }

  private void count(String name) {
    sent.computeIfAbsent(name, _ -> new AtomicLong()).incrementAndGet();
  }

  /** Evenly over the time, each kind in its turn; what was missed is caught up. */
  private void paced(BadConversations conversations) throws IOException {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<BadPackets.Kind> kinds = BadPackets.all();
    long interval = TimeUnit.SECONDS.toNanos(1) / rate;
    long next = System.nanoTime();
    int datagrams = 0;
    for (int i = 0; !isOver(); i++) {
      long wait = next - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
      next += interval;
      if (i % TCP_EVERY == 0) {
        conversations.next();
      } else {
        send(kinds.get(datagrams % kinds.size()), random, datagrams);
        datagrams++;
      }
    }
  }

  private void send(BadPackets.Kind kind, Random random, int number) throws IOException {
    DatagramChannel channel = kind.stranger() ? stranger : hostile.get(number % hostile.size());
    InetSocketAddress target = new InetSocketAddress(FloodNet.SERVER, kind.port());
    channel.send(ByteBuffer.wrap(kind.octets().apply(random)), target);
    count(kind.name());
  }
}
