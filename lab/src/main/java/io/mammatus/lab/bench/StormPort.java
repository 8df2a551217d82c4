package io.mammatus.lab.bench;

import io.mammatus.core.net.Ipv4;
import io.mammatus.pxe.net.InterfaceSocket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The DHCP client's port of all machines: one socket on the client's interface, which has room for
 * what a thousand sockets would hold. A reply goes to the machine that has its transaction.
 */
final class StormPort implements AutoCloseable {

  private static final int CLIENT_PORT = 68;
  private static final int SERVER_PORT = 67;
  private static final int OPEN_SECONDS = 20;

  /** RFC 2131, section 4.1: four seconds, doubled each time, one more or less at random. */
  private static final int FIRST_WAIT_SECONDS = 4;

  private static final int TRIES = 5;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  private final Map<Integer, BlockingQueue<StormDhcp.Reply>> waiting = new ConcurrentHashMap<>();
  private final InterfaceSocket socket;

  StormPort(String interfaceName) throws IOException {
    Promise<InterfaceSocket> opened = Promise.promise();
    vertx.runOnContext(_ -> {
      InterfaceSocket made =
          new InterfaceSocket(
              vertx, interfaceName, CLIENT_PORT, (packet, _) -> received(packet), _ -> {});
      made.open().map(made).onComplete(opened);
    });
    this.socket = await(opened.future());
  }

  /** An answer, and how often it took to repeat the question. */
  record Answered(StormDhcp.Reply reply, int repeats) {}

  /**
   * Sends and waits, and sends again as firmware does; blocks.
   *
   * @param offered see {@link StormDhcp#packet}
   */
  Answered ask(StormDhcp.Client client, Optional<StormDhcp.Offered> offered)
      throws IOException, InterruptedException {
    int xid = ThreadLocalRandom.current().nextInt();
    BlockingQueue<StormDhcp.Reply> answers = new ArrayBlockingQueue<>(8);
    waiting.put(xid, answers);
    try {
      long began = System.nanoTime();
      for (int repeats = 0; repeats < TRIES; repeats++) {
        int seconds = (int) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        send(StormDhcp.packet(client, xid, seconds, offered));
        StormDhcp.Reply reply = answers.poll(waitMillis(repeats), TimeUnit.MILLISECONDS);
        if (reply != null) {
          return new Answered(reply, repeats);
        }
      }
      throw new IOException(
          "no answer to "
              + (offered.isPresent() ? "REQUEST" : "DISCOVER")
              + ", asked "
              + TRIES
              + " times");
    } finally {
      waiting.remove(xid);
    }
  }

  private static long waitMillis(int repeats) {
    return 1000L * (FIRST_WAIT_SECONDS << repeats)
        + ThreadLocalRandom.current().nextInt(-1000, 1001);
  }

  private void send(byte[] packet) {
    vertx.runOnContext(_ ->
        socket
            .send(packet, Ipv4.BROADCAST, SERVER_PORT)
            .onFailure(e -> System.err.println("not sent: " + e.getMessage())));
  }

  private void received(byte[] packet) {
    StormDhcp.parse(packet)
        .ifPresent(reply -> {
          BlockingQueue<StormDhcp.Reply> answers = waiting.get(reply.xid());
          if (answers != null && !answers.offer(reply)) {
            System.err.println("a machine was answered more often than it can hear");
          }
        });
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(OPEN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the DHCP client's port cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    await(vertx.close());
  }
}
